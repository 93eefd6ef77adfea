/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_H
#define CD_TARGET_H

#include "disconnect/text.h"

#include <gio/gio.h>

#define CD_TARGET_ERROR (cd_target_error_quark())

/**
 * CdTargetError:
 * @CD_TARGET_ERROR_URI: no target can be made of the URI; the message names what is wrong in it
 * @CD_TARGET_ERROR_TLS: certificate, key or authority cannot be used
 * @CD_TARGET_ERROR_TIMEOUT: name, connection or handshake took too long
 * @CD_TARGET_ERROR_GONE: the peer closed, or was silent for too long
 */
typedef enum
{
  CD_TARGET_ERROR_URI,
  CD_TARGET_ERROR_TLS,
  CD_TARGET_ERROR_TIMEOUT,
  CD_TARGET_ERROR_GONE,
} CdTargetError;

/** Domain of these errors. */
GQuark cd_target_error_quark(void);

/**
 * CdTargetTls:
 * @authority: (nullable): file with the certificates to trust; %NULL for the system's
 * @certificate: (nullable): file with our certificate
 * @key: (nullable): file with its key; %NULL where it stands in @certificate
 * @server_name: (nullable): the name that the server's certificate must have; %NULL for the URI's
 *
 * All files are PEM. They are read again for each connection, so that renewed ones need no restart.
 */
typedef struct _CdTargetTls
{
  const gchar *authority;
  const gchar *certificate;
  const gchar *key;
  const gchar *server_name;
} CdTargetTls;

/** What became of a line. */
typedef enum
{
  CD_TARGET_SENT,    /* it is the kernel's, or ours to finish */
  CD_TARGET_WAIT,    /* nothing was taken: send it again when the ready function is called */
  CD_TARGET_REFUSED, /* the kernel or the protocol will never take this line, others it may */
} CdTargetResult;

/**
 * CdTarget:
 *
 * Where lines go: a socket that is connected, watched and connected again by itself. Nothing of it
 * ever blocks. URIs:
 *
 *  - `unix-dgram:PATH`, `unix-stream:PATH` (newline framing)
 *  - `udp:HOST:PORT`
 *  - `tcp:HOST:PORT` (octet counting, RFC 6587), `tls:HOST:PORT` (RFC 5425)
 *  - `journald:` or `journald:PATH` (the journal's native protocol)
 *  - `stderr:` (newline framing)
 *
 * IPv6 addresses stand in brackets. Name, connection and TLS handshake have 10 s each. Between
 * attempts it waits for a random time up to 1, 2, 4 ... 60 s, from 1 s again once a connection has
 * lasted for 5 s; a path that comes to be ends the pause.
 *
 * Streams notice a peer that vanished within 30 s, by keepalive and TCP_USER_TIMEOUT. Linux cannot
 * tell it from one that is alive but reads nothing for 20 s while more waits to be sent: that, too,
 * is lost and connected again.
 *
 * Datagrams are best effort. What the kernel does not take is not lost: it waits, or is refused.
 * What it took, nobody confirms: a udp line may vanish on its way, and when nobody receives at the
 * other end that is learned, if at all, from the answer to a line that is gone. The first such
 * answer is a lost connection; each attempt after a pause may cost one line more.
 *
 * Standard error without a reader is a lost connection like any other: a named pipe may find one
 * again, a disk room.
 */
typedef struct _CdTarget CdTarget;

/**
 * It can take lines: just connected, or after %CD_TARGET_WAIT. Called by the main loop alone, never
 * from within a function of the target, which may be freed in it.
 */
typedef void (*CdTargetReady)(CdTarget *target, gpointer user_data);

/**
 * Its connection broke, or an attempt failed; @error says why, in words for a person and with the
 * URI. It tries again by itself. Called as #CdTargetReady is. cd_target_get_unsent() still tells of
 * the connection that broke.
 */
typedef void (*CdTargetLost)(CdTarget *target, const GError *error, gpointer user_data);

/**
 * Checks all that can be known of a target without connecting: the URI and, for `tls:`, the files.
 *
 * @tls: (nullable): as for cd_target_new()
 *
 * Errors: %CD_TARGET_ERROR_URI, %CD_TARGET_ERROR_TLS.
 */
gboolean cd_target_check(const gchar *uri, const CdTargetTls *tls, GError **error);

/**
 * Makes a target, without connecting. Checks what cd_target_check() does.
 *
 * @tls: (nullable): for `tls:`, not looked at for others; copied
 *
 * Errors: %CD_TARGET_ERROR_URI, %CD_TARGET_ERROR_TLS.
 *
 * Returns: (transfer full): free with cd_target_free()
 */
CdTarget *cd_target_new(const gchar *uri, const CdTargetTls *tls, GError **error);

/**
 * Closes it, TLS with a goodbye (close_notify) where that need not wait. What the kernel has is
 * still sent. Its functions are not called any more; what still ran for it is freed in the next
 * turns of the main loop.
 */
void cd_target_free(CdTarget *self);

/** Begins to connect, in the thread's default main context. */
void cd_target_start(CdTarget *self, CdTargetReady ready, CdTargetLost lost, gpointer user_data);

/** The other side has read all that was sent to it, and the connection is closed. */
typedef void (*CdTargetParted)(CdTarget *target, gpointer user_data);

/**
 * Parts from the other side of a stream that is connected and has nothing unsent: tells it that
 * nothing follows, and waits for it to close, too. Ends in @parted, and there is no connection
 * until cd_target_retry(); or in the lost function, if it closed before or did not read all. A
 * side that never closes is not given up here. Until then no line is taken.
 */
void cd_target_part(CdTarget *self, CdTargetParted parted);

/** Tries at once, without the rest of a pause; the next one is short. After SIGHUP, say. */
void cd_target_retry(CdTarget *self);

/**
 * Hands a line on, without its framing. May be called at any time. Refused are an empty line, one
 * with a newline where newlines frame, and a datagram that is too long.
 *
 * After %CD_TARGET_SENT to a stream it is not sure that the peer has it; cd_target_get_unsent()
 * tells how much it surely has not. A stream takes a line that fits only in part and finishes it
 * before anything else; when the connection breaks before, the next one begins with a whole line.
 */
CdTargetResult cd_target_send(CdTarget *self, CdText line);

/**
 * Bytes that were sent and the peer's kernel has not confirmed, with those of a line that is only
 * in part the kernel's; 0 where that cannot be known. For a unix stream: what the peer has not
 * read, and rather more than it is. Framing and TLS count, too. After a break, until it is
 * connected again: as it was then.
 */
gsize cd_target_get_unsent(const CdTarget *self);

/** Whether a broken connection may have lost what was sent: a stream, as a rule. */
gboolean cd_target_is_stream(const CdTarget *self);

/**
 * Whether that it is connected says nothing of the other side, and lines have to be taken for a
 * while before it counts as reached: udp, and standard error with its full disks.
 */
gboolean cd_target_is_blind(const CdTarget *self);

/** Whether it is connected. */
gboolean cd_target_is_connected(const CdTarget *self);

/**
 * What keeps lines from it now: how far an attempt has come, why the last one failed, or that it
 * takes no more for the moment.
 *
 * Returns: (transfer full) (nullable): words without the URI; %NULL where nothing does
 */
gchar *cd_target_describe_hindrance(const CdTarget *self);

/** How often it was connected again. */
guint64 cd_target_get_n_reconnects(const CdTarget *self);

/** The URI, without secrets. */
const gchar *cd_target_get_uri(const CdTarget *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdTarget, cd_target_free)

#endif
