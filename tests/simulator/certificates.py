"""A throw-away certification authority, made with the openssl command.

    root ─▶ (intermediate ─▶) leaf

Every authority is new, so no test can pass because of a certificate that lies around. `good` is
what a sound server has; the other kinds are each wrong in exactly one way.
"""

import pathlib
import subprocess

KINDS = ("good", "expired", "not_yet_valid", "other_name", "unknown_issuer", "self_signed",
         "no_san", "weak_key")

CONFIGURATION = """
[ca]
default_ca = here
[here]
database = {folder}/{name}.index
serial = {folder}/{name}.serial
new_certs_dir = {folder}
certificate = {folder}/{name}.crt
private_key = {folder}/{name}.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
"""

AUTHORITY = ("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
             "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n")
LEAF = ("basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
        "extendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid\n")
# What public authorities put into theirs besides: addresses, policies, and two timestamps of logs.
PUBLIC = ("authorityInfoAccess=OCSP;URI:http://ocsp.ca.example.net,"
          "caIssuers;URI:http://issuers.ca.example.net/one.der\n"
          "crlDistributionPoints=URI:http://crl.ca.example.net/one/100.crl\n"
          "certificatePolicies=2.23.140.1.2.1\n"
          "1.3.6.1.4.1.11129.2.4.2=DER:" + ":".join(["04", "81", "F2"] + ["5A"] * 242) + "\n")


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr.strip()}")


def make_key(path, key):
    if key == "P-256":
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-out", str(path))
    else:
        openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{key[4:]}",
                "-out", str(path))


class Authority:
    """`key` is "P-256" or "RSA-2048" (any size); `intermediates` stand between root and leaf."""

    def __init__(self, folder, key="P-256", intermediates=0, names=("localhost", "127.0.0.1"),
                 public=False):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key, self.names = key, tuple(names)
        self.more = PUBLIC if public else ""
        self._made = {}
        self._self_signed("root", "Fieldpost test root", AUTHORITY)
        self._issuer, self._chain = "root", []
        for number in range(intermediates):
            name = f"intermediate-{number + 1}"
            self._signed(name, f"Fieldpost test {name}", AUTHORITY + self.more, self._issuer)
            self._issuer = name
            self._chain.insert(0, name)

    @property
    def ca_file(self):
        return self.folder / "root.crt"

    def leaf(self, kind="good"):
        """Paths of the chain (leaf first, root left out) and of the key."""
        if kind not in self._made:
            self._made[kind] = self._make_leaf(kind)
        return self._made[kind]

    def _make_leaf(self, kind):
        if kind not in KINDS:
            raise ValueError(f"no such kind of certificate: {kind}")
        name = f"leaf-{kind}"
        extensions = LEAF + self.more + ("" if kind == "no_san" else self._san(kind))
        if kind == "self_signed":
            self._self_signed(name, "localhost", LEAF + self._san(kind))
            return self.folder / f"{name}.crt", self.folder / f"{name}.key"
        issuer, chain = self._issuer, self._chain
        if kind == "unknown_issuer":
            self._self_signed("stranger", "Fieldpost test stranger", AUTHORITY)
            issuer, chain = "stranger", []
        dates = {"expired": ("20200101000000Z", "20210101000000Z"),
                 "not_yet_valid": ("20980101000000Z", "20990101000000Z")}.get(kind)
        key = "RSA-1024" if kind == "weak_key" else self.key
        self._signed(name, "localhost", extensions, issuer, dates, key)
        whole = self.folder / f"{name}.chain"
        parts = [name, *chain]
        whole.write_text("".join((self.folder / f"{part}.crt").read_text() for part in parts))
        return whole, self.folder / f"{name}.key"

    def _san(self, kind):
        names = ("other.example",) if kind == "other_name" else self.names
        listed = ",".join(("IP:" if name.replace(".", "").isdigit() else "DNS:") + name
                          for name in names)
        return f"subjectAltName={listed}\n"

    def _self_signed(self, name, common_name, extensions):
        make_key(self.folder / f"{name}.key", self.key)
        request, wanted = self._request(name, common_name, extensions)
        openssl("x509", "-req", "-in", request, "-signkey", str(self.folder / f"{name}.key"),
                "-days", "3650", "-sha256", "-extfile", wanted,
                "-out", str(self.folder / f"{name}.crt"))

    def _signed(self, name, common_name, extensions, issuer, dates=None, key=None):
        make_key(self.folder / f"{name}.key", key or self.key)
        request, wanted = self._request(name, common_name, extensions)
        configuration = self.folder / f"{issuer}.cnf"
        if not configuration.exists():
            configuration.write_text(CONFIGURATION.format(folder=self.folder, name=issuer))
            (self.folder / f"{issuer}.index").write_text("")
            (self.folder / f"{issuer}.serial").write_text("1000\n")
        when = ["-startdate", dates[0], "-enddate", dates[1]] if dates else ["-days", "365"]
        openssl("ca", "-batch", "-notext", "-config", str(configuration), "-in", request,
                "-extfile", wanted, *when, "-out", str(self.folder / f"{name}.crt"))

    def _request(self, name, common_name, extensions):
        request, wanted = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        wanted.write_text(extensions)
        openssl("req", "-new", "-key", str(self.folder / f"{name}.key"),
                "-subj", f"/CN={common_name}", "-out", str(request))
        return str(request), str(wanted)
