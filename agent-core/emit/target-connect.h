/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_TARGET_CONNECT_H
#define CD_TARGET_CONNECT_H

#include "emit/target-link.h"

/** Opens a link to the URI's path. */
void cd_connect_path(CdLink *self);

/** Opens a link to the URI's host: the name, then whichever of its addresses answers first. */
void cd_connect_host(CdLink *self);

#endif
