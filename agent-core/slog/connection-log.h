/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CONNECTION_LOG_H
#define CD_CONNECTION_LOG_H

#include "disconnect/statement.h"

/** The cheap gate: whether `DisconnectReason=` begins a word somewhere in @text. */
gboolean cd_connection_log_matters(CdText text);

/**
 * Reads coderd's connection log from free text: words `KEY=VALUE` with plain or Go-quoted values,
 * other words between them. What stands inside quotes is never read as a key.
 */
void cd_connection_log_read(CdText text, CdStatement *statement);

#endif
