/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a daemon makes of a row, in words that are short and always the same. */
#ifndef CONFORM_SEEN_H
#define CONFORM_SEEN_H

#include "arrived.h"

/**
 * `read` where the daemon read all that was sent as RFC 5424 has it, else what differs:
 * `refused`, `as text`, `host cut to 255`, `no SD`; `nothing` where no message arrived. Of the rows
 * that are a stream only the kind of each message is told.
 *
 * Returns: (transfer full): the words
 */
gchar *conform_seen_describe(const ConformRow *row, const ConformArrived *arrived);

#endif
