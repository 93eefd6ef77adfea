/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_NUMBER_GUARD_H
#define CD_NUMBER_GUARD_H

#include "disconnect/text.h"

/**
 * CdNumberGuard:
 * @state: where in a number, in a string or between tokens it is
 *
 * Looks through JSON, split anywhere, for numbers that are none (RFC 8259, 6). json-c takes some of
 * them, depending on where the text is split. Zeroed memory stands at the start.
 */
typedef struct _CdNumberGuard
{
  guint8 state;
} CdNumberGuard;

/** Looks through more of it. Returns: whether its numbers are such */
gboolean cd_number_guard_pass(CdNumberGuard *self, CdText text);

#endif
