#!/usr/bin/env python3
"""Stand-in for nix-serve (which Debian does not ship), answering as it does.

Serves the machine's whole store over HTTP: when a narinfo is first asked for, Nix itself copies the path into a file
cache and signs it; narinfo and NAR are then Nix's own. As in nix-serve before April 2024 the secret key
(NIX_SECRET_KEY_FILE) is read per narinfo: unreadable or malformed gives 500 there while /nix-cache-info stays 200. Unset
means unsigned. Each key has a file cache of its own, so that a new key signs anew.
"""
import base64, binascii, hashlib, os, re, subprocess, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STORE = '/nix/store'
CACHE = os.path.join(os.environ.get('HOME', '/var/lib/nix-serve'), 'cache')
LOCK = threading.Lock()
HASH = re.compile(r'^/([0-9a-z]{32})\.narinfo$')
NAR = re.compile(r'^/nar/([0-9a-z]+\.nar)$')


class KeyProblem(Exception):
    pass


def signing_key():
    """(path, cache folder) of the key in force; raises KeyProblem as nix-serve would answer 500."""
    path = os.environ.get('NIX_SECRET_KEY_FILE')
    if not path:
        return None, os.path.join(CACHE, 'unsigned')
    try:
        with open(path, 'rb') as file:
            content = file.read().strip()
    except OSError as error:
        raise KeyProblem(f"cannot open file '{path}': {error.strerror}")
    name, _, secret = content.partition(b':')
    try:
        if not name or len(base64.b64decode(secret, validate=True)) != 64:
            raise KeyProblem('secret key is not valid')
    except binascii.Error:
        raise KeyProblem('secret key is corrupt')
    return path, os.path.join(CACHE, hashlib.sha256(content).hexdigest()[:16])


def store_path(hash_part):
    prefix = hash_part + '-'
    with os.scandir(STORE) as entries:
        for entry in entries:
            if entry.name.startswith(prefix) and not entry.name.endswith(('.lock', '.chroot')):
                return os.path.join(STORE, entry.name)
    return None


def narinfo(hash_part):
    """The signed narinfo's bytes, or None where the store has no such valid path."""
    key, cache = signing_key()
    file = os.path.join(cache, hash_part + '.narinfo')
    path = store_path(hash_part)
    if path is None:
        return None
    with LOCK:
        if not os.path.exists(file):
            url = f'file://{cache}?compression=none' + (f'&secret-key={key}' if key else '')
            command = ['nix', '--extra-experimental-features', 'nix-command', 'copy', '--to', url, path]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode != 0:
                print(done.stderr.strip(), file=sys.stderr, flush=True)
                if 'is not valid' in done.stderr:
                    return None
                raise KeyProblem(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'nix copy failed')
    with open(file, 'rb') as stream:
        return stream.read()


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    server_version = 'nix-serve-standin'
    disable_nagle_algorithm = True

    def do_GET(self):
        try:
            self.route(self.path.split('?')[0])
        except KeyProblem as problem:
            print(f'error: {problem}', file=sys.stderr, flush=True)
            self.answer(500, b'Internal Server Error')

    do_HEAD = do_GET

    def route(self, path):
        if path == '/nix-cache-info':
            store = os.environ.get('LAB_STORE_DIR', STORE)
            return self.answer(200, f'StoreDir: {store}\nWantMassQuery: 1\nPriority: 30\n'.encode())
        if match := HASH.match(path):
            body = narinfo(match[1])
            return self.answer(404, b'No such path.\n') if body is None else self.answer(200, body, 'text/x-nix-narinfo')
        if match := NAR.match(path):
            return self.send_nar(os.path.join(signing_key()[1], 'nar', match[1]))
        return self.answer(404, b'File not found.\n')

    def send_nar(self, file):
        try:
            stream = open(file, 'rb')
        except FileNotFoundError:
            return self.answer(404, b'File not found.\n')
        with stream:
            self.send_response(200)
            self.send_header('Content-Type', 'application/x-nix-archive')
            self.send_header('Content-Length', str(os.fstat(stream.fileno()).st_size))
            self.end_headers()
            if self.command == 'GET':
                while chunk := stream.read(1 << 20):
                    self.wfile.write(chunk)

    def answer(self, status, body, kind='text/plain'):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command == 'GET':
            self.wfile.write(body)

    def log_message(self, format, *args):
        print(f'{self.address_string()} {format % args}', file=sys.stderr, flush=True)


if __name__ == '__main__':
    port = int(sys.argv[sys.argv.index('--port') + 1]) if '--port' in sys.argv else 5000
    time.sleep(int(os.environ.get('LAB_LATE_MS', '0')) / 1000)  # as on a slow machine
    server = ThreadingHTTPServer(('', port), Handler)
    server.daemon_threads = True
    server.serve_forever()
