/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TIMESTAMP_H
#define CD_TIMESTAMP_H

#include "disconnect/text.h"

/** Characters of a time stamp at most: `2003-08-24T05:14:15.000003-07:00`. */
#define CD_TIMESTAMP_MAX 32

/**
 * Whether it is a time stamp of RFC 5424, 6.2.3: RFC 3339 with upper-case `T` and `Z`, at most
 * six digits of a second and no leap seconds; a day that the month has.
 */
gboolean cd_timestamp_is_valid(CdText text);

/** Characters that cd_timestamp_write() writes: `2003-08-24T05:14:15.000003Z`. */
#define CD_TIMESTAMP_LENGTH 27

/**
 * Writes a time in UTC, with six digits of a second, without a NUL.
 *
 * @time: microseconds since 1970, of the years 1970 to 9999; another time becomes the nearest one
 */
void cd_timestamp_write(gint64 time, gchar buffer[CD_TIMESTAMP_LENGTH]);

#endif
