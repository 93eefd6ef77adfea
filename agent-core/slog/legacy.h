/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LEGACY_H
#define CD_LEGACY_H

#include "disconnect/statement.h"

/**
 * Reads a line of slog's human format before May 2023:
 * `TAB [(LOGGER) TAB] <PATH:LINE> TAB FUNCTION TAB MESSAGE [TAB {JSON}]`.
 *
 * @body: what follows the level's bracket, from the tab on
 */
void cd_legacy_read(CdText body, CdStatement *statement);

#endif
