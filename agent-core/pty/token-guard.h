/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TOKEN_GUARD_H
#define CD_TOKEN_GUARD_H

#include "disconnect/text.h"

/**
 * CdTokenGuard:
 * @state: where in a number, in a string or between tokens it is
 *
 * Looks through JSON, split anywhere, for numbers that are none (RFC 8259, 6) and for control
 * characters in strings (7). json-c takes some of them, depending on where the text is split and on
 * its version; Go takes none. Zeroed memory stands at the start.
 */
typedef struct _CdTokenGuard
{
  guint8 state;
} CdTokenGuard;

/** Looks through more of it. Returns: (nullable): what is wrong; %NULL for nothing */
const gchar *cd_token_guard_look(CdTokenGuard *self, CdText text);

#endif
