/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PREFIX_H
#define CD_PREFIX_H

#include "disconnect/text.h"

/**
 * The length of one piece, at the start of @rest, of what programs are known to put before a log
 * line, else 0: kubectl (`[pod/NAME/CONTAINER]`, time stamps), docker and its compose (`NAME  | `),
 * the container runtimes' `stdout F `, journald's short formats (`DATE HOST NAME[PID]:`) and Go's
 * test runner (`FILE.go:LINE:`).  Anything else before a line is somebody who quotes it.
 */
gsize cd_prefix_read(CdText rest);

#endif
