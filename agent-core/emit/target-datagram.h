/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_DATAGRAM_H
#define CD_TARGET_DATAGRAM_H

#include "emit/target-link.h"

/** Watches the socket for errors that come later, and is open. */
void cd_datagram_begin(CdLink *self);

/** Sends a line as one datagram. */
CdTargetResult cd_datagram_send(CdLink *self, CdText line);

/** What becomes of a datagram that the kernel did not take. */
CdTargetResult cd_datagram_fail(CdLink *self, const GError *error);

/** Waits until the socket takes more. */
void cd_datagram_await(CdLink *self);

#endif
