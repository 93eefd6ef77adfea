/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of a row in our words: `REASON EXPECTED [SOURCE] [MARK...]`, `malformed` or
 * `not ours`, joined by commas; `nothing` where no message arrives. The source is named where it is
 * not sdata. */
#ifndef CONFORM_VERDICT_H
#define CONFORM_VERDICT_H

#include "arrived.h"

/** Of what arrived by a daemon with the parser; free with g_free(). */
gchar *conform_verdict_of(const ConformArrived *arrived);

/** Of the row's bytes by the core alone; free with g_free(). */
gchar *conform_verdict_of_core(const ConformRow *row);

/** A line for each of the row's pairs that is not as it should be, %NULL where there is none. */
gchar *conform_verdict_compare_pairs(const ConformRow *row, const ConformArrived *arrived);

#endif
