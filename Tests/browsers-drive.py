"""Drives headless browsers for `Tests/browsers`, and is the website that they look at. The standard library alone.

    browsers-drive.py origin CERT KEY                      prints "HTTP-PORT HTTPS-PORT" and serves until it is ended
    browsers-drive.py see BROWSER PROXY-SETTING URL [text|ws|shot:FILE:WIDTH:SCHEME]

BROWSER is chromium or firefox; PROXY-SETTING is http:ADDR:PORT, socks:ADDR:PORT, pac:URL, direct, or unset: whatever the
machine says. `see` prints what the page shows as text, what a WebSocket of the page has heard, or takes a picture. A page
that the browser can't show is told as its error.
"""

import base64
import hashlib
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

PATIENCE = 40


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade", "").lower() == "websocket":
            return self.speak()
        if self.path == "/slow":
            time.sleep(2)
        body = b"<!DOCTYPE html><title>origin</title><h1>hello from the origin</h1><p>" + self.path.encode() + b"</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def speak(self):
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        head = self.rfile.read(2)
        mask = self.rfile.read(4)
        text = bytes(byte ^ mask[index % 4] for index, byte in enumerate(self.rfile.read(head[1] & 0x7F)))
        answer = b"heard " + text
        self.wfile.write(bytes([0x81, len(answer)]) + answer)
        self.wfile.flush()
        self.rfile.read(2)
        self.close_connection = True

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """Browsers that close in the middle are no news."""


def serve(certificate, key):
    plain = Server(("127.0.0.1", 0), Origin)
    secure = Server(("127.0.0.1", 0), Origin)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    print(plain.server_port, secure.server_port, flush=True)
    secure.serve_forever()


WS = """(async () => new Promise(done => {
  const at = location.protocol.replace('http', 'ws') + '//' + location.host + '/ws';
  const socket = new WebSocket(at);
  socket.onopen = () => socket.send('a word');
  socket.onmessage = event => { done(event.data); socket.close(); };
  socket.onerror = () => done('no websocket');
}))()"""
TEXT = "document.documentElement.innerText"


class Chromium:
    """By the DevTools protocol on two pipes."""

    def __init__(self, setting, folder):
        kind, _, rest = setting.partition(":")
        flags = {
            "http": [f"--proxy-server=http://{rest}", "--proxy-bypass-list=<-loopback>"],
            "socks": [f"--proxy-server=socks5://{rest}", "--proxy-bypass-list=<-loopback>"],
            "pac": [f"--proxy-pac-url={rest}"],
            "direct": ["--no-proxy-server"],
            "unset": [],
        }[kind]
        hear, self.speak = os.pipe()
        self.hear, tell = os.pipe()
        # The browser has its commands on descriptor 3, and answers on 4.
        command = f'exec "$@" 3<&{hear} 4>&{tell}'
        self.process = subprocess.Popen(
            ["bash", "-c", command, "chromium", "chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--ignore-certificate-errors", f"--user-data-dir={folder}", "--remote-debugging-pipe", *flags,
             "about:blank"],
            pass_fds=(hear, tell), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        os.close(hear)
        os.close(tell)
        self.number = 0
        self.rest = b""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.hear, 1 << 16)
            if not piece:
                raise RuntimeError("the browser is gone")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def ask(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            request["sessionId"] = self.session
        os.write(self.speak, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(message["error"])
                return message["result"]

    def go(self, url):
        error = self.ask("Page.navigate", url=url).get("errorText")
        for _ in range(PATIENCE * 10):
            if self.run("document.readyState") == "complete":
                break
            time.sleep(0.1)
        return error

    def run(self, script):
        answer = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    def picture(self, path, width, scheme):
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 600)
        height = int(self.run("document.documentElement.scrollHeight"))
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=min(height, 4000), deviceScaleFactor=1,
                 mobile=width < 600)
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("Page.captureScreenshot")["data"]))


class Firefox:
    """By Marionette."""

    def __init__(self, setting, folder):
        kind, _, rest = setting.partition(":")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        preferences = {"marionette.port": port, "network.proxy.allow_hijacking_localhost": True,
                       "network.proxy.no_proxies_on": "", "app.update.disabledForTesting": True,
                       "datareporting.policy.dataSubmissionEnabled": False, "network.captive-portal-service.enabled": False,
                       "network.connectivity-service.enabled": False, "browser.safebrowsing.malware.enabled": False,
                       "browser.safebrowsing.phishing.enabled": False, "services.settings.server": "",
                       "dom.security.https_first": False, "network.http.speculative-parallel-limit": 0,
                       "browser.aboutHomeSnippets.updateUrl": "", "extensions.update.enabled": False}
        if kind in ("http", "socks"):
            host, _, number = rest.rpartition(":")
            names = ["http", "ssl"] if kind == "http" else ["socks"]
            preferences["network.proxy.type"] = 1
            for name in names:
                preferences[f"network.proxy.{name}"] = host.strip("[]")
                preferences[f"network.proxy.{name}_port"] = int(number)
            preferences["network.proxy.socks_remote_dns"] = True
        elif kind == "pac":
            preferences.update({"network.proxy.type": 2, "network.proxy.autoconfig_url": rest})
        elif kind == "direct":
            preferences["network.proxy.type"] = 0
        with open(os.path.join(folder, "user.js"), "w") as file:
            for name, value in preferences.items():
                file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        self.process = subprocess.Popen(
            ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", folder],
            env={**os.environ, "HOME": folder, "MOZ_HEADLESS": "1"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(PATIENCE * 10):
            try:
                self.wire = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                break
            except OSError:
                time.sleep(0.1)
        self.number = 0
        self.message()
        self.ask("WebDriver:NewSession", {"acceptInsecureCerts": True})
        self.ask("WebDriver:SetTimeouts", {"script": PATIENCE * 1000, "pageLoad": PATIENCE * 1000})

    def message(self):
        length = b""
        while not length.endswith(b":"):
            byte = self.wire.recv(1)
            if not byte:
                raise RuntimeError("the browser is gone")
            length += byte
        count = int(length[:-1])
        text = b""
        while len(text) < count:
            text += self.wire.recv(count - len(text))
        return json.loads(text)

    def ask(self, command, parameters):
        self.number += 1
        text = json.dumps([0, self.number, command, parameters])
        self.wire.sendall(f"{len(text.encode())}:{text}".encode())
        _, _, error, result = self.message()
        if error:
            raise RuntimeError(error.get("message") or error.get("error"))
        return result

    def go(self, url):
        try:
            self.ask("WebDriver:Navigate", {"url": url})
        except RuntimeError as error:
            return str(error) or "no page"
        return None

    def run(self, script):
        body = f"const done = arguments[0]; Promise.resolve({script}).then(done);"
        return self.ask("WebDriver:ExecuteAsyncScript", {"script": body, "args": []})["value"]

    def picture(self, path, width, scheme):
        self.ask("WebDriver:SetWindowRect", {"width": width, "height": 900})
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("WebDriver:TakeScreenshot", {"full": True})["value"]))


def end(browser):
    # A session of its own: its helpers end with it.
    os.killpg(browser.process.pid, signal.SIGKILL)
    browser.process.wait()


def see(name, setting, url, what):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        browser = {"chromium": Chromium, "firefox": Firefox}[name](setting, folder)
        try:
            error = browser.go(url)
            if what.startswith("shot:"):
                _, path, width, scheme = what.split(":")
                browser.picture(path, int(width), scheme)
            elif error:
                print("ERROR", error)
            else:
                print(browser.run(WS if what == "ws" else TEXT))
        finally:
            end(browser)


if __name__ == "__main__":
    if sys.argv[1] == "origin":
        serve(sys.argv[2], sys.argv[3])
    else:
        threading.Timer(2 * PATIENCE, lambda: os._exit(3)).start()
        see(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5] if len(sys.argv) > 5 else "text")
        os._exit(0)
