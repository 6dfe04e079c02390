"""Certificates of every kind that a server may come with, made with the openssl command.

    made = Certificates(folder)
    made.issue("localhost", san="DNS:localhost")          # by the root that is in made.bundle
    made.authority("Middle", issuer=made.root, more="pathlen:0")
"""

import base64
import pathlib
import subprocess
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "simulator"))

from certificates import CONFIGURATION, openssl  # noqa: E402  (the path must be known first)

LEAF = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth"
SIGNS = "keyUsage=critical,keyCertSign,cRLSign"
CURVES = {"p256": "P-256", "p384": "P-384", "p521": "P-521", "p224": "P-224", "k256": "secp256k1"}
LONG_AGO = ("20200101000000Z", "20200201000000Z")
IN_FUTURE = ("20900101000000Z", "20910101000000Z")


class Certificate:
    def __init__(self, folder, name, key, subject):
        self.pem, self.key, self.subject = folder / f"{name}.pem", key, subject

    def text(self):
        return self.pem.read_text()

    def der(self):
        return base64.b64decode("".join(self.text().splitlines()[1:-1]))

    def damaged(self):
        """The same with another signature: its last bit is turned over."""
        der = bytearray(self.der())
        der[-1] ^= 1
        other = Certificate(self.pem.parent, self.pem.stem + "-damaged", self.key, self.subject)
        body = base64.encodebytes(bytes(der)).decode()
        other.pem.write_text(f"-----BEGIN CERTIFICATE-----\n{body}-----END CERTIFICATE-----\n")
        return other


class Certificates:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._made = {}
        self.root = self.authority("Trusted Root")
        self.root_of_one = self.authority("Root Of One", more=",pathlen:0")
        self.old_root = self.authority("Old Root", key="p256-old", dates=LONG_AGO)
        self.sha1_root = self.authority("Root From Long Ago", key="rsa2048", digest="sha1")
        self.root_2048 = self.authority("Root Of 2048", key="rsa2048")
        self.root_4096 = self.authority("Root Of 4096", key="rsa4096")
        self.bundle = self.folder / "bundle.pem"
        self.bundle.write_text("# A comment, as bundles have them.\n" + "".join(
            one.text() for one in (self.root, self.root_of_one, self.old_root, self.sha1_root,
                                   self.root_2048, self.root_4096)))

    def key(self, kind):
        """One for all who ask for that kind; what stands behind - only tells keys apart."""
        path = self.folder / f"{kind}.key"
        if not path.exists():
            what = kind.partition("-")[0]
            if what.startswith("rsa"):
                openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{what[3:]}",
                        "-out", str(path))
            elif what in CURVES:
                openssl("genpkey", "-algorithm", "EC", "-pkeyopt",
                        f"ec_paramgen_curve:{CURVES[what]}", "-pkeyopt",
                        "ec_param_enc:named_curve", "-out", str(path))
            else:
                openssl("genpkey", "-algorithm", what, "-out", str(path))
        return path

    def authority(self, subject, issuer=None, more="", extensions=None, key="p256-ca", **rest):
        """`more` goes behind CA:TRUE; `extensions` stand in place of all of them."""
        if extensions is None:
            extensions = f"basicConstraints=critical,CA:TRUE{more}\n{SIGNS}"
        return self.issue(subject, issuer or "itself", san="", extensions=extensions, key=key,
                          **rest)

    def issue(self, subject="localhost", issuer=None, **rest):
        """What has been made before is not made again."""
        issuer = issuer or self.root
        wanted = (subject, issuer, *sorted(rest.items()))
        if wanted not in self._made:
            self._made[wanted] = self._issue(subject, issuer, **rest)
        return self._made[wanted]

    def _issue(self, subject, issuer, san="DNS:localhost", extensions=LEAF, key="p256",
               digest="sha256", dates=None, options=()):
        name = f"{len(self._made)}-{''.join(c for c in subject if c.isalnum())[:20]}"
        made = Certificate(self.folder, name, self.key(key), subject)
        wanted = self.folder / f"{name}.cnf"
        san = san and f"subjectAltName={san}"
        wanted.write_text(f"[req]\ndistinguished_name=none\n[none]\n[all]\n{extensions}\n{san}\n"
                          + CONFIGURATION.format(folder=self.folder, name=name))
        call = ["req", "-new", "-config", str(wanted), "-key", str(made.key), f"-{digest}",
                "-subj", f"/CN={subject}", "-out", str(made.pem), *options]
        signs = [] if issuer == "itself" else ["-CA", str(issuer.pem), "-CAkey", str(issuer.key)]
        if extensions or san:
            call += ["-extensions", "all"]
        if not dates:
            openssl(*call, "-x509", "-days", "36500", *signs)
        else:
            self._dated(name, call, wanted, issuer, made, dates)
        return made

    def _dated(self, name, call, wanted, issuer, made, dates):
        """Only `openssl ca` knows dates."""
        openssl(*[word for word in call if word not in ("-extensions", "all")])
        request = self.folder / f"{name}.csr"
        made.pem.rename(request)
        (self.folder / f"{name}.index").write_text("")
        (self.folder / f"{name}.serial").write_text("1000\n")
        signs = (["-selfsign", "-keyfile", str(made.key)] if issuer == "itself" else
                 ["-cert", str(issuer.pem), "-keyfile", str(issuer.key)])
        openssl("ca", "-batch", "-notext", "-config", str(wanted), "-in", str(request), *signs,
                "-extensions", "all", "-startdate", dates[0], "-enddate", dates[1],
                "-out", str(made.pem))

    def chain(self, certificates):
        """A file with all of them, for whoever serves the first one."""
        text = "".join(one.text() for one in certificates)
        path = self.folder / f"chain-{zlib.crc32(text.encode()):08x}.pem"
        path.write_text(text)
        return path

    @staticmethod
    def pin(certificate):
        """RFC 7469, 2.4."""
        key = subprocess.run(["openssl", "x509", "-in", str(certificate.pem), "-noout", "-pubkey"],
                             capture_output=True, check=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key,
                             capture_output=True, check=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary"], input=der,
                                capture_output=True, check=True).stdout
        return base64.b64encode(digest).decode()
