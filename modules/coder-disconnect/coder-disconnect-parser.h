/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#ifndef CODER_DISCONNECT_PARSER_H
#define CODER_DISCONNECT_PARSER_H

#include "cfg-parser.h"
#include "parser/parser-expr.h"

/* Reads the block coder-disconnect(...) of a configuration. */
extern CfgParser coder_disconnect_parser;

CFG_PARSER_DECLARE_LEXER_BINDING(coder_disconnect_, CODER_DISCONNECT_, LogParser **)

#endif
