/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_HOST_H
#define CODER_DISCONNECT_HOST_H

#include <glib.h>

/* Whether the syslog-ng that loads this module is of the version it was built for; reports one
 * that is not.  Has to come before any other call of syslog-ng's functions. */
gboolean coder_host_check(void);

#endif
