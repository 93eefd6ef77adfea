/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_RESCUE_H
#define CODER_DISCONNECT_RESCUE_H

#include "disconnect/text.h"
#include "rfc5424/header.h"

/* Finds an RFC 5424 message that a source has left in the text, because it took the head for an
 * RFC 3164 header or did not look for one:
 *
 *   PROGRAM `1` and text from the timestamp on (unix-dgram(), network());
 *   PROGRAM an octet count and text from `<PRI>1 ` on (octet counting into network());
 *   PROGRAM `<PRI>1` and text from the timestamp on (the same on syslog-ng 4, which has dropped
 *   the count);
 *   no PROGRAM and text from `<PRI>1 ` or the octet count on (flags(no-parse)).
 *
 * The proof is that the header was swallowed: the same text behind another program is somebody
 * who quotes it.  Returns CD_HEADER_PRI for a text that is nothing of the kind, else what
 * cd_header_read() returns.
 *
 * others receives what stands behind the frame, from the next frame's count on; empty where no
 * frame follows.  A source that does not know octet counting makes one message of all frames that
 * have no newline between them. */
CdHeaderPart coder_rescue_read(CdText program, CdText text, CdHeader *header, CdText *others);

#endif
