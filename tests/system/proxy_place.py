"""A device that goes by one of proxies.py to its simulator."""

import json

from harness import DONE, SystemTest
from proxies import Proxy


class ProxyTest(SystemTest):
    def setUp(self):
        super().setUp()
        self.proxy = self.new_proxy()
        self.use(self.proxy)

    def new_proxy(self):
        proxy = Proxy()
        self.addCleanup(proxy.close)
        return proxy

    def use(self, proxy):
        self.device.configure(api={"proxy": proxy.url})

    def write_login(self, login):
        path = self.device.folder / "proxy" / "login"  # in no folder that is watched anyway
        path.parent.mkdir(exist_ok=True)
        path.write_text(login + "\n")
        path.chmod(0o600)
        self.device.configure(api={"proxy_login_file": str(path)})
        return path

    def flush(self, expected=DONE):
        """One drain; what it says of the network."""
        done = self.device.command("flush", "--json", seconds=60)
        self.assertEqual(done.code, expected, done.out + done.err)
        return json.loads(done.out)["network"]

    @property
    def target(self):
        return f"127.0.0.1:{self.simulator.port}"

    def wait_offline(self):
        """What the agent says of the network, once it is the proxy's fault."""
        def found():
            network = self.device.status()["network"]
            return network if network["reason"] == "proxy_failed" else None
        return self.device.wait_for(found, 20, "proxy_failed")
