#!/usr/bin/env python3
"""An analysis worker for Mediakeep, with nothing but Python's standard library (3.9 or newer).

It is the analyser `colours@1`, written after docs/analysis-protocol.md, as yours may be. See README.md.
"""

import os
import random
import signal
import sys
import threading
import time

from pictures import UnreadablePicture, analyse
from protocol import CLAIM, COMPLETE, EXTEND, FAIL, RELEASE, Api, Refused, Unavailable, download, key

ANALYSER = {"name": "colours", "version": "1"}


class Held:
    """The leases that this worker holds, prolonged by a thread of its own until they are ended."""

    def __init__(self, api, seconds):
        self.api, self.seconds = api, seconds
        self.leases, self.lock, self.stopped = {}, threading.Lock(), threading.Event()
        self.thread = threading.Thread(target=self.beat, daemon=True)
        self.thread.start()

    def add(self, leases):
        with self.lock:
            self.leases.update({lease["id"]: key(lease) for lease in leases})

    def drop(self, lease):
        with self.lock:
            self.leases.pop(lease["id"], None)

    def has(self, lease):
        """Whether it is still worth working on."""
        with self.lock:
            return self.leases.get(lease["id"]) == key(lease)

    def beat(self):
        while not self.stopped.wait(self.seconds / 3):
            with self.lock:
                keys = list(self.leases.values())
            if not keys:
                continue
            try:
                payload = self.api.mutate(EXTEND, leases=keys, leaseSeconds=self.seconds)
            except (Unavailable, Refused) as error:
                say("cannot prolong: %s" % error)  # the next beat comes before they expire
                continue
            for answer in payload["leases"]:
                if answer["__typename"] == "LeaseLostError":
                    say("lost %s" % answer["id"])
                    self.drop(answer)

    def stop(self):
        self.stopped.set()
        self.thread.join()


class Worker:
    def __init__(self, api, name, limit, lease_seconds):
        self.api, self.name, self.limit, self.lease_seconds = api, name, limit, lease_seconds
        self.held = Held(api, lease_seconds)
        self.stopping = threading.Event()
        self.completed = 0

    def run(self, until_idle):
        pause = 1
        try:
            while not self.stopping.is_set():
                try:
                    leases = self.claim()
                    if leases:
                        self.work(leases)
                        pause = 1
                        continue
                    if until_idle:
                        return
                    wait = pause
                except Unavailable as error:
                    wait = error.retry_after or pause
                    say("%s; again in about %d s" % (error, wait))
                pause = min(pause * 2, 30)
                # A little apart from others that met the same trouble at the same moment.
                self.stopping.wait(wait * random.uniform(0.8, 1.2))
        finally:
            self.held.stop()

    def claim(self):
        payload = self.api.mutate(
            CLAIM,
            analysers=[ANALYSER],
            limit=self.limit,
            leaseSeconds=self.lease_seconds,
            worker=self.name,
            mediaType="image",
        )
        self.held.add(payload["leases"])
        return payload["leases"]

    def work(self, leases):
        """Each lease is completed, failed, or, when this worker is to end, given back."""
        try:
            results, failures, rest = self.attempt_all(leases)
            self.hand_in(COMPLETE, results=results)
            self.hand_in(FAIL, failures=failures)
            self.hand_in(RELEASE, leases=rest)
        finally:
            # What could not be handed in is not prolonged either: it expires, and another takes it.
            for lease in leases:
                self.held.drop(lease)

    def attempt_all(self, leases):
        results, failures, rest = [], [], []
        for lease in leases:
            if self.stopping.is_set():
                rest.append(key(lease))
                continue
            if not self.held.has(lease):
                continue  # somebody else has it now
            began = time.monotonic()
            try:
                result = analyse(download(lease))
                results.append({**key(lease), "result": result, "usage": {"durationMs": ms_since(began)}})
            except UnreadablePicture as error:
                failures.append({**key(lease), "error": str(error), "retryable": False})
            except Exception as error:  # of one picture alone; the others go on
                failures.append({**key(lease), "error": "%s: %s" % (type(error).__name__, error), "retryable": True})
        return results, failures, rest

    def hand_in(self, document, **given):
        ((_, items),) = given.items()
        if not items:
            return
        payload = self.patiently(document, given)
        for item, answer in zip(items, payload.get("results", [])):
            if answer["__typename"] != "EndedAnalysis":
                say("%s: %s" % (item["id"], answer.get("message", answer["__typename"])))
            elif document is COMPLETE:
                self.completed += 1

    def patiently(self, document, given):
        """A hand-in may be repeated: what was taken the first time is refused the second, and written once."""
        for attempt in range(6):
            try:
                return self.api.mutate(document, **given)
            except Unavailable as error:
                if attempt == 5:
                    raise
                say(str(error))
                time.sleep(error.retry_after or 0.5 * 2**attempt)


def ms_since(began):
    return round((time.monotonic() - began) * 1000)


def say(text):
    print("%s %s" % (time.strftime("%H:%M:%S"), text), file=sys.stderr, flush=True)


def main():
    api = Api(os.environ.get("MEDIAKEEP_URL", "http://127.0.0.1:4000"), os.environ.get("MEDIAKEEP_TOKEN"))
    worker = Worker(
        api,
        os.environ.get("WORKER_NAME", "python-" + str(os.getpid())),
        int(os.environ.get("WORKER_LIMIT", "10")),
        int(os.environ.get("WORKER_LEASE_SECONDS", "60")),
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stopping.set())
    try:
        worker.run(until_idle="--until-idle" in sys.argv[1:])
    except Refused as error:
        say(str(error))
        sys.exit(2)
    finally:
        say("%d completed" % worker.completed)


if __name__ == "__main__":
    main()
