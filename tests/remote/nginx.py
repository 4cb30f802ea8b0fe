"""nginx on loopback, for HTTP that only reads and for WebDAV."""

from pathlib import Path

from remote.servers import PASSWORD, USER, Server, not_installed, tool

DAV_MODULE = Path("/usr/lib/nginx/modules/ngx_http_dav_ext_module.so")


class HttpServer(Server):
    """nginx, from which anybody may read and nobody may write."""

    methods = "limit_except GET { deny all; }"
    load = ""

    def configure(self) -> None:
        kinds = ("proxy", "fastcgi", "uwsgi", "scgi")
        scratch = "\n".join(f"    {kind}_temp_path {self.folder}/nginx;" for kind in kinds)
        (self.folder / "nginx.conf").write_text(
            f"""\
{self.load}
daemon off;
master_process off;
pid {self.folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_max_body_size 0;
    # Within the storage, so that what has arrived is moved into place at once.
    client_body_temp_path {self.storage}/.incoming;
{scratch}
    server {{
        listen 127.0.0.1:{self.port};
        root {self.storage};
        location / {{ {self.methods} }}
    }}
}}
"""
        )

    def command(self) -> list[str]:
        return [tool("nginx"), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class WebdavServer(HttpServer):
    """nginx with WebDAV, for a user with a password."""

    load = f"load_module {DAV_MODULE};"

    def configure(self) -> None:
        if not DAV_MODULE.exists():
            not_installed("nginx's WebDAV module")
        (self.folder / "passwords").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        self.methods = (
            "dav_methods PUT DELETE MKCOL COPY MOVE; dav_ext_methods PROPFIND OPTIONS; create_full_put_path on; "
            f'auth_basic storage; auth_basic_user_file "{self.folder}/passwords";'
        )
        super().configure()

    @property
    def url(self) -> str:
        return f"webdav://127.0.0.1:{self.port}/"

    @property
    def options(self) -> dict[str, str]:
        return {"user": USER, "password": PASSWORD}
