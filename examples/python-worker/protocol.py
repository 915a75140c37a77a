"""The analysis protocol (docs/analysis-protocol.md): its mutations, what goes wrong, and the bytes."""

import hashlib
import json
import urllib.error
import urllib.request

MAX_BYTES = 256 * 1024 * 1024

CLAIM = """mutation Claim($input: ClaimAnalysisInput!) { claimAnalysis(input: $input) {
  __typename
  ... on ClaimAnalysisPayload { leases { id token attempt url sha256Sum fileSize mimeType } }
  ... on Error { code message } } }"""
EXTEND = """mutation Extend($input: ExtendAnalysisLeaseInput!) { extendAnalysisLease(input: $input) {
  __typename
  ... on ExtendAnalysisLeasePayload { leases { __typename ... on LeaseLostError { id } } }
  ... on Error { code message } } }"""
COMPLETE = """mutation Complete($input: CompleteAnalysisInput!) { completeAnalysis(input: $input) {
  __typename
  ... on CompleteAnalysisPayload { results { __typename ... on Error { code message } } }
  ... on Error { code message } } }"""
FAIL = """mutation Fail($input: FailAnalysisInput!) { failAnalysis(input: $input) {
  __typename
  ... on FailAnalysisPayload { results { __typename ... on EndedAnalysis { outcome } } }
  ... on Error { code message } } }"""
RELEASE = """mutation Release($input: ReleaseAnalysisInput!) { releaseAnalysis(input: $input) {
  __typename ... on Error { code message } } }"""


class Refused(Exception):
    """The server understood and said no: asking again would not help."""


class Unavailable(Exception):
    """Something passes: the network, a restart, a limit."""

    def __init__(self, message, retry_after=None):
        super().__init__(message)
        self.retry_after = retry_after


class Api:
    """The server's GraphQL, one mutation at a time."""

    def __init__(self, url, token):
        self.url = url.rstrip("/") + "/graphql"
        self.headers = {"content-type": "application/json", "accept": "application/json"}
        if token:
            self.headers["authorization"] = "Bearer " + token

    def mutate(self, document, **given):
        body = json.dumps({"query": document, "variables": {"input": given}}).encode()
        with opened(urllib.request.Request(self.url, body, self.headers)) as answer:
            said = json.load(answer)
        if said.get("errors"):
            error = said["errors"][0]
            code = error.get("extensions", {}).get("code", "")
            # The server's own trouble passes; a request that is wrong stays wrong.
            raise (Unavailable if code == "INTERNAL_SERVER_ERROR" else Refused)(error["message"])
        payload = next(iter(said["data"].values()))
        if "code" in payload:
            raise Refused(payload["code"] + ": " + payload["message"])
        return payload


def opened(request):
    try:
        return urllib.request.urlopen(request, timeout=60)
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(500).decode(errors="replace")
            retry_after = error.headers.get("retry-after", "")
        message = "%s: %s" % (error.code, said)
        if error.code == 429 or error.code >= 500:
            raise Unavailable(message, int(retry_after) if retry_after.isdigit() else None) from None
        raise Refused(message) from None
    except (OSError, ValueError) as error:
        raise Unavailable(str(error)) from None


def key(lease):
    return {"id": lease["id"], "token": lease["token"]}


def download(lease):
    """The bytes of a lease, checked: what does not have the announced SHA-256 was damaged on its way."""
    digest, chunks, size = hashlib.sha256(), [], 0
    with opened(urllib.request.Request(lease["url"])) as answer:
        while True:
            try:
                chunk = answer.read(1 << 20)
            except (OSError, ValueError) as error:
                raise Unavailable(str(error)) from None
            if not chunk:
                break
            size += len(chunk)
            if size > min(lease["fileSize"], MAX_BYTES):
                raise Unavailable("more bytes came than were announced")
            digest.update(chunk)
            chunks.append(chunk)
    if digest.hexdigest() != lease["sha256Sum"]:
        raise Unavailable("the bytes do not have the announced SHA-256")
    return b"".join(chunks)
