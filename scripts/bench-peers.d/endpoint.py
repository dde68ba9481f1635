#!/usr/bin/env python3
"""An OpenAI-compatible endpoint for embeddings on loopback:

    endpoint.py FOLDER MODEL

prints its port once the model is loaded, and serves until it is ended.
POST /v1/embeddings answers with vectors; GET /usage with the processor seconds
and the peak memory in bytes of this process so far. The endpoint is not told what is
a question, so nothing is put before one.
"""

import json
import pathlib
import resource
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from encoder import Encoder


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    encoder, lock = None, threading.Lock()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        with self.lock:
            vectors = self.encoder.passages(texts)
        self.reply({
            "object": "list", "model": body["model"], "usage": {"prompt_tokens": 0, "total_tokens": 0},
            "data": [{"object": "embedding", "index": i, "embedding": v.tolist()} for i, v in enumerate(vectors)],
        })

    def do_GET(self):
        u = resource.getrusage(resource.RUSAGE_SELF)
        self.reply({"cpu": u.ru_utime + u.ru_stime, "peak": u.ru_maxrss * 1024})

    def reply(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


def main():
    folder, model = sys.argv[1:]
    Handler.encoder = Encoder(pathlib.Path(folder), model)
    Handler.encoder.question("load")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
