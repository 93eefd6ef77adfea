/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-parser.h"

#include "coder-disconnect-grammar.h"

extern int coder_disconnect_debug;

int coder_disconnect_parse(CfgLexer *lexer, LogParser **instance, gpointer arg);

static CfgLexerKeyword coder_disconnect_keywords[] = {
  { .kw_name = "coder_disconnect", .kw_token = KW_CODER_DISCONNECT },
  { .kw_name = "prefix", .kw_token = KW_PREFIX },
  { .kw_name = "tag_prefix", .kw_token = KW_TAG_PREFIX },
  { .kw_name = "sd_id", .kw_token = KW_SD_ID },
  { .kw_name = "formats", .kw_token = KW_FORMATS },
  { .kw_name = "drop_unmatched", .kw_token = KW_DROP_UNMATCHED },
  { .kw_name = "rescue", .kw_token = KW_RESCUE },
  { .kw_name = "duplicate_window", .kw_token = KW_DUPLICATE_WINDOW },
  { .kw_name = NULL },
};

static gint
_parse(CfgLexer *lexer, gpointer *instance, gpointer arg)
{
  return coder_disconnect_parse(lexer, (LogParser **) instance, arg);
}

static void
_cleanup(gpointer instance)
{
  log_pipe_unref((LogPipe *) instance);
}

CfgParser coder_disconnect_parser = {
#if SYSLOG_NG_ENABLE_DEBUG
  .debug_flag = &coder_disconnect_debug,
#endif
  .name = "coder-disconnect",
  .keywords = coder_disconnect_keywords,
  .parse = _parse,
  .cleanup = _cleanup,
};

CFG_PARSER_IMPLEMENT_LEXER_BINDING(coder_disconnect_, CODER_DISCONNECT_, LogParser **)
