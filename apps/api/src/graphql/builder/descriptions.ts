import type { Descriptions } from './describe.ts'

/** Descriptions that belong to no single domain. */
export const commonDescriptions: Descriptions = {
  InputIssue: 'One problem with the input.',
  'InputIssue.message': 'The problem, described for people.',
  InvalidInputError: 'The input has valid types but invalid values.',
  'InvalidInputError.issues': 'All problems with the input.',
  Mutation: 'The operations that change data.',
  Node: 'An object that can be read again by its id.',
  'Node.id': 'The id of the object, unique among all objects.',
  OrderDirection: 'The direction of a sorted list.',
  'OrderDirection.ASC': 'Smallest or oldest first.',
  'OrderDirection.DESC': 'Largest or newest first.',
  PageInfo: 'The position of a page in its list.',
  'PageInfo.endCursor':
    'The cursor of the last object of the page, for `after`. Null when the page is empty.',
  'PageInfo.hasNextPage': 'Whether more objects follow.',
  'PageInfo.hasPreviousPage': 'Whether objects precede.',
  'PageInfo.startCursor':
    'The cursor of the first object of the page, for `before`. Null when the page is empty.',
  Query: 'The operations that read data.',
  'Query.node': 'An object by its id. Null if there is none.',
  'Query.node(id)': 'The id of a media item, post, import run, engagement snapshot or duplicate group.',
  'Query.nodes': 'Several objects by their ids, in that order, with null for those that do not exist.',
  'Query.nodes(ids)': 'The ids.',
  Subscription: 'Changes that can be followed as they happen, by Server-Sent Events or multipart HTTP.',
}
