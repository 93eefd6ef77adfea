/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_TLS_H
#define CD_TARGET_TLS_H

#include "emit/target-link.h"

/** Shakes hands over a new connection, then goes on as any stream. */
void cd_tls_begin(CdLink *self);

/**
 * An error in words for a person: what is wrong with a certificate, and whose.
 *
 * Returns: (transfer full): a copy where it is none of TLS
 */
GError *cd_tls_explain(const CdLink *self, const GError *error);

/** Says goodbye (close_notify) where that need not wait, and tells that nothing follows. */
gboolean cd_tls_half_close(CdLink *self, GError **error);

/** Says goodbye (close_notify), unless that would wait. */
void cd_tls_close(CdLink *self);

#endif
