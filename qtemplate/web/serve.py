"""Listens for the reverse proxy, until it is stopped."""

from __future__ import annotations

import logging
import sys

from .app import make_app
from .site import BODY_MB, Site

THREADS = 4
LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


def serve(site: Site, host: str, port: int) -> None:
    """Serves the pages of a workspace.

    Args:
        site: What they work with.
        host, port: Where to listen; 127.0.0.1 behind a proxy of this machine.

    Raises:
        OSError: It cannot listen there.
    """
    from waitress.server import create_server

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    logging.getLogger("waitress").setLevel(logging.ERROR)
    proxied = host in LOOPBACK
    more = {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-for"}} if proxied else {}
    server = create_server(
        make_app(site),
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=(BODY_MB << 20) + 1,
        channel_timeout=60,
        clear_untrusted_proxy_headers=True,
        **more,
    )
    logging.getLogger("qtemplate.web").info("listening on %s:%s", host, server.effective_port)
    try:
        server.run()
    finally:
        server.close()
