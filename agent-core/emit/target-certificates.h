/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_CERTIFICATES_H
#define CD_TARGET_CERTIFICATES_H

#include "emit/target.h"

/**
 * Whether TLS can be spoken here, with these files: each can be read, has what it is to have, and
 * the key is the certificate's. Takes some milliseconds.
 *
 * @tls: (nullable): none of our own
 *
 * Errors: %CD_TARGET_ERROR_TLS.
 */
gboolean cd_certificates_check(const CdTargetTls *tls, GError **error);

/**
 * Reads the files, for each connection, so that renewed ones need no restart.
 *
 * @tls: (nullable): none of our own
 * @database: (out) (transfer full): whom to trust; left alone where @tls does not say
 * @certificate: (out) (transfer full): ours, with its key; the same
 *
 * Errors: %CD_TARGET_ERROR_TLS.
 */
gboolean cd_certificates_load(const CdTargetTls *tls, GTlsDatabase **database,
                              GTlsCertificate **certificate, GError **error);

#endif
