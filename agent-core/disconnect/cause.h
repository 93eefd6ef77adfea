/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CAUSE_H
#define CD_CAUSE_H

#include "disconnect/text.h"

/**
 * CdCause:
 *
 * What was seen at the end of a connection, as one closed set that every protocol's codes and
 * texts are turned into. At most 64 members, since rules hold sets of causes as bits.
 */
typedef enum
{
  CD_CAUSE_NONE,              /* nothing was said or seen */
  CD_CAUSE_NIL,               /* an explicit "no error" */
  CD_CAUSE_EOF,               /* end of stream, orderly or not is not told */
  CD_CAUSE_UNEXPECTED_EOF,    /* end of stream inside a message */
  CD_CAUSE_ORDERLY,           /* the peer said goodbye, nothing half-sent */
  CD_CAUSE_RESET,             /* reset or aborted */
  CD_CAUSE_BROKEN_PIPE,       /* a write after the peer's end */
  CD_CAUSE_TIMEOUT,           /* the transport gave up */
  CD_CAUSE_DEADLINE,          /* a deadline of ours ran out */
  CD_CAUSE_UNREACHABLE,       /* no route, refused, name not found */
  CD_CAUSE_CLOSED,            /* used after somebody here had closed it */
  CD_CAUSE_TLS,               /* certificate or handshake */
  CD_CAUSE_KEEPALIVE,         /* keepalive with neither answer nor acknowledgement */
  CD_CAUSE_CLIENT_FROZEN,     /* keepalive acknowledged by the kernel, never answered */
  CD_CAUSE_CLIENT_VANISHED,   /* bare FIN from a client that says goodbye when it can */
  CD_CAUSE_INTEGRITY,         /* integrity check of a packet failed */
  CD_CAUSE_PROTOCOL,          /* bytes that break the protocol, content that is refused */
  CD_CAUSE_CANCELED,          /* cancelled here; by whom is not told */
  CD_CAUSE_SHUTDOWN,          /* the agent is going away */
  CD_CAUSE_SHUTDOWN_TIMEOUT,  /* the agent is going away and did not wait longer */
  CD_CAUSE_WORKSPACE_STOPPED, /* coderd said that the workspace stops */
  CD_CAUSE_BUILD_OUTDATED,    /* coderd has a newer build of the workspace */
  CD_CAUSE_REFUSED,           /* coderd refused the agent */
  CD_CAUSE_SERVER_GOING,      /* coderd is going away in order */
  CD_CAUSE_SERVER_LOST,       /* coderd lives and gave the connection up */
  CD_CAUSE_SERVER_CLOSED,     /* coderd closed the stream in order */
  CD_CAUSE_GATEWAY,           /* a gateway cannot reach coderd */
  CD_CAUSE_PROXY,             /* something between swallowed the upgrade */
  CD_CAUSE_RENEWAL,           /* planned reconnect: stream ids used up */
  CD_CAUSE_PEER_LOST,         /* the coordinator says that the peer is lost */
  CD_CAUSE_EXIT_OK,           /* exit status 0 */
  CD_CAUSE_EXIT_CODE,         /* any other ordinary exit status */
  CD_CAUSE_EXIT_STOPPED,      /* ended by HUP, INT, PIPE or TERM, not ours */
  CD_CAUSE_EXIT_CRASHED,      /* ended by any other signal, not ours */
  CD_CAUSE_EXIT_GONE,         /* -1: the client vanished, or a signal */
  CD_CAUSE_EXIT_UNEXPLAINED,  /* a code other than 0 and no word why */
  CD_CAUSE_REPORTED_OK,       /* code 0 that a line reports */
  CD_CAUSE_TRANSFER_BLOCKED,  /* file transfer blocked by policy */
  CD_CAUSE_UNSUPPORTED,       /* the session asked for what the agent does not do */
  CD_CAUSE_START_FAILED,      /* program, backend or container could not be started */
  CD_CAUSE_LIMIT_REACHED,     /* a limit on sessions or connections */
  CD_CAUSE_TIME_LIMIT,        /* idle or maximum session time set on the agent */
  CD_CAUSE_UNREADABLE,        /* a text that no table knows */
  CD_N_CAUSES
} CdCause;

G_STATIC_ASSERT(CD_N_CAUSES <= 64);

#define CD_CAUSE_BIT(cause) (G_GUINT64_CONSTANT(1) << (cause))

/** The cause's name, for people and tests; not a wire value. */
const gchar *cd_cause_get_name(CdCause cause);

/** Whether it proves that the transport failed, beyond end of file and cancellation. */
gboolean cd_cause_proves_transport_failure(CdCause cause);

/**
 * Reads the text of an error, Go's above all, innermost cause first: `read: EOF` is
 * %CD_CAUSE_EOF, the words before it say where.
 *
 * @innermost: (out) (optional): the part of @text that decided
 *
 * Returns: %CD_CAUSE_NONE for empty text, %CD_CAUSE_UNREADABLE where no table knows it.
 */
CdCause cd_cause_from_text(CdText text, CdText *innermost);

/** `errno` of a socket call. */
CdCause cd_cause_from_errno(gint error_number);

/** A GIO error (#GIOErrorEnum, #GResolverError, #GTlsError domains). */
CdCause cd_cause_from_error(const GError *error);

/** The code of SSH_MSG_DISCONNECT (RFC 4253, 11.1) that a peer sent. */
CdCause cd_cause_from_ssh_code(guint code);

/**
 * The status of a websocket close frame and its text (RFC 6455, 7.4), as coderd sends them
 * (spec: control-plane, 6.3). 0 and 1006 stand for an end without a close frame.
 */
CdCause cd_cause_from_websocket_code(guint code, CdText reason);

/** The status of an HTTP answer to an upgrade, and the message in its body. */
CdCause cd_cause_from_http_status(guint status, CdText message);

/** The code of a yamux GO_AWAY frame: 0 normal, 1 protocol error, 2 internal error. */
CdCause cd_cause_from_yamux_goaway(guint code);

/** The code and text of a dRPC error frame. */
CdCause cd_cause_from_drpc_error(guint64 code, CdText text);

/**
 * The name that Go gives a signal behind `signal: `, with or without ` (core dumped)`. Of HUP and
 * KILL it cannot be told whether the agent sent them, after its client had vanished.
 */
CdCause cd_cause_from_signal_text(CdText name);

/** What a shell makes of an end: 0, N, 128 + signal, and Go's -1 for "no exit status". */
CdCause cd_cause_from_exit_status(gint64 status);

/** A signal that ended the program and was not the agent's. */
CdCause cd_cause_from_signal(gint signal_number);

/** "HUP" for 1, and so on; %NULL for a number without a name. */
const gchar *cd_signal_get_name(gint signal_number);

#endif
