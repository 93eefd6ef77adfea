# SPDX-License-Identifier: LGPL-2.1-or-later
# The pairs of coder-disconnect() by syslog-ng's python parser; it cannot set tags in 3.38.
EXPECTED = (b"graceful", b"client_closed", b"server_shutdown", b"workspace_stopped")
KEYS = ("connect_type", "site", "disconnect_reason", "disconnect_initiator", "disconnect_detail",
        "connection_method", "exit_code", "rule", "session_id", "workspace_id", "remote_addr",
        "duration_ms", "run_id")
NAMES = [(".SDATA.coder@32473." + key, ".plain." + key) for key in KEYS]


class Coder(object):
    def parse(self, msg):
        reason = msg[".SDATA.coder@32473.disconnect_reason"]
        if not reason:
            return True
        for name, pair in NAMES:
            value = msg[name]
            if value:
                msg[pair] = value
        msg[".plain.disconnect_expected"] = "true" if reason in EXPECTED else "false"
        msg[".plain.source"] = "sdata"
        return True
