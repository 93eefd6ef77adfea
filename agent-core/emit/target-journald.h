/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_JOURNALD_H
#define CD_TARGET_JOURNALD_H

#include "emit/target-link.h"

/**
 * Sends a line as an entry of the journal: in one datagram, or where that would be too long in
 * sealed memory whose descriptor is passed.
 */
CdTargetResult cd_journald_send(CdLink *self, CdText line);

#endif
