"""A real nginx for tests, on loopback with its own port and folder; ended by pid."""

import os
import shutil
import subprocess
import tempfile
import time

import certificates
from target import free_port

CONFIG = '''daemon off; master_process off; pid {own}/pid; error_log {own}/error.log; user root;
events {{ worker_connections 64; }}
http {{
  log_format short '$status $request_method $request_uri $connection $http_range $http_user_agent $msec'; access_log {own}/access.log short;
  client_body_temp_path {own}/1; proxy_temp_path {own}/2; fastcgi_temp_path {own}/3; uwsgi_temp_path {own}/4; scgi_temp_path {own}/5;
  sendfile on; keepalive_requests 1000; default_type application/octet-stream;
  server {{
    listen 127.0.0.1:{port}{tls}; root {root};
    location = /moved {{ return 302 /boot.ipxe; }}
    location = /mark {{ return 200 "x"; }}
    location = /round {{ return 302 /round; }}
    location = /words {{ default_type text/plain; return 404 "there is nothing here for $http_user_agent\\n"; }}
    location /private/ {{ alias {root}/; auth_basic x; auth_basic_user_file {own}/passwords; }}
    location /whole/ {{ alias {root}/; max_ranges 0; }}
    location /slow/ {{ alias {root}/; limit_rate 1; }}
    {more}
  }}
}}
'''


class Nginx:
    """Serves a folder. Under /private/ it asks for me:secret, under /whole/ it knows no ranges. With `tls`, the names of a certificate and of those that
    go with it (certificates.py), by HTTPS."""

    def __init__(self, root, more='', tls=()):
        self.root, self.more, self.tls, self.port, self.process = root, more, tls, free_port(), None

    def __enter__(self):
        self.own = tempfile.mkdtemp(prefix='sanpiper-nginx.')
        with open(os.path.join(self.own, 'passwords'), 'w') as file:
            file.write('me:{PLAIN}secret\n')
        with open(os.path.join(self.own, 'nginx.conf'), 'w') as file:
            tls = f' ssl; ssl_certificate {self.own}/chain; ssl_certificate_key {self.own}/key' if self.tls else ''
            file.write(CONFIG.format(own=self.own, port=self.port, root=self.root, more=self.more, tls=tls))
        if self.tls:
            certificates.write(os.path.join(self.own, 'chain'), *self.tls)
            certificates.write(os.path.join(self.own, 'key'), self.tls[0] + '_key')
        self.start()
        return self

    def start(self):
        import socket
        self.process = subprocess.Popen(['nginx', '-p', self.own, '-c', os.path.join(self.own, 'nginx.conf')],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(('127.0.0.1', self.port)) == 0:
                    return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError('nginx did not start: ' + self.text('error.log'))
            time.sleep(0.05)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.own, ignore_errors=True)

    def text(self, name):
        try:
            with open(os.path.join(self.own, name)) as file:
                return file.read()
        except OSError:
            return ''

    def log(self):
        """One line a request: status, method, path, connection, range, user agent, time."""
        return self.text('access.log').splitlines()

    def uri(self, path, user=''):
        return f'http{"s" if self.tls else ""}://{user}10.0.2.2:{self.port}/{path}'
