import type { Descriptions } from './describe.ts'

/** Descriptions that belong to no single domain. */
export const commonDescriptions: Descriptions = {
  InputIssue: 'One thing that is wrong with the input.',
  'InputIssue.message': 'What is wrong, for people.',
  InvalidInputError: 'The input has the right types but asks for something that cannot be.',
  'InvalidInputError.issues': 'Everything that is wrong with it.',
  Mutation: 'What can be changed.',
  Node: 'An object that can be read again by its id.',
  'Node.id': 'Names the object among all objects.',
  OrderDirection: 'The direction of a sorted list.',
  'OrderDirection.ASC': 'Smallest or oldest first.',
  'OrderDirection.DESC': 'Largest or newest first.',
  PageInfo: 'Where a page lies in its list.',
  'PageInfo.endCursor':
    'The cursor of the last object of the page, for `after`. Null when the page is empty.',
  'PageInfo.hasNextPage': 'Whether more objects follow.',
  'PageInfo.hasPreviousPage': 'Whether objects precede.',
  'PageInfo.startCursor':
    'The cursor of the first object of the page, for `before`. Null when the page is empty.',
  Query: 'What can be read.',
  'Query.node': 'An object by its id. Null when there is none.',
  'Query.node(id)': 'The id of a media item, post, import run, engagement snapshot or duplicate group.',
  'Query.nodes': 'Several objects by their ids, in that order, with null for those that do not exist.',
  'Query.nodes(ids)': 'The ids.',
  Subscription: 'What can be followed while it happens, by Server-Sent Events or multipart HTTP.',
}
