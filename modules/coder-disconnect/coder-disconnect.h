/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_H
#define CODER_DISCONNECT_H

#include "coder-disconnect-options.h"

#include "parser/parser-expr.h"

/* Makes the parser with its default settings. */
LogParser *coder_disconnect_new(GlobalConfig *cfg);

/* The settings, for the grammar to fill before init. */
CoderOptions *coder_disconnect_get_options(LogParser *parser);

/* The text to read: the name or the content of a template. */
gboolean coder_disconnect_set_template(LogParser *parser, GList *values, GError **error);

#endif
