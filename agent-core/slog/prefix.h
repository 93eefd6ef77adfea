/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PREFIX_H
#define CD_PREFIX_H

#include "disconnect/text.h"

/**
 * Whether all that stands before a log line in @text is what programs are known to put there:
 * kubectl (`[pod/NAME/CONTAINER] `, time stamps), docker and its compose (`NAME  | `), the
 * container runtimes' `stdout F `, journald's short formats (`DATE HOST NAME[PID]: `) and Go's
 * test runner (`    FILE.go:LINE: `). Anything else before a line is somebody who quotes it.
 *
 * @start: where in @text the line begins
 */
gboolean cd_prefix_reaches(CdText text, gsize start);

#endif
