/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_COMPLAINT_H
#define CD_COMPLAINT_H

#include <glib.h>

/**
 * Says something on standard error, as "coder-emit: ...". Arguments and what peers sent are shown
 * as in a record: nothing in them fools a terminal, and secrets are redacted, also the userinfo of
 * a target's URI.
 */
void cd_complain(const gchar *format, ...) G_GNUC_PRINTF(1, 2);

#endif
