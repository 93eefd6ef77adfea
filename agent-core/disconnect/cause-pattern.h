/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_CAUSE_PATTERN_H
#define CD_CAUSE_PATTERN_H

#include "disconnect/cause.h"

/**
 * Recognises an error text that holds a protocol's code: a websocket close frame, an SSH
 * disconnect message, an HTTP status, an exit status. The one that begins first decides: what
 * follows its code is the peer's own text and is not searched for causes.
 *
 * @innermost: (out): from the pattern to the end of @text
 */
gboolean cd_cause_pattern_match(CdText text, CdCause *cause, CdText *innermost);

#endif
