"""A real nginx of a test's own."""

import shutil
import subprocess

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def start_nginx(test, folder, site):
    """`site`: the text of a server block. It ends with the test."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.conf").write_text(site)
    temporary = "".join(f"{kind}_temp_path {folder};" for kind in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; user root;\n"
        f"events {{}} http {{ access_log off; {temporary} include {folder}/site.conf; }}\n")
    nginx = subprocess.Popen([NGINX, "-c", str(folder / "nginx.conf")],
                             stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def end():
        nginx.terminate()
        nginx.wait()
    test.addCleanup(end)
