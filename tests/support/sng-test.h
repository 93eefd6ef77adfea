/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SNG_TEST_H
#define SNG_TEST_H

#include "parser/parser-expr.h"

/* What a source makes of the bytes that it reads. */
typedef enum
{
  SNG_TEST_SYSLOG,  /* flags(syslog-protocol): RFC 5424 */
  SNG_TEST_DEFAULT, /* no flags: whatever looks like a BSD syslog header is taken for one */
  SNG_TEST_NO_PARSE /* flags(no-parse): all of it is the message */
} SngTestInput;

/* syslog-ng in the process of a test: starts the library and makes an empty configuration whose
 * module path is CODER_MODULE_PATH. */
void sng_test_init(void);

/* Frees the configuration and stops the library. */
void sng_test_deinit(void);

/* The main function of a parser test: everything between g_test_init() and the exit status. */
gint sng_test_main(gint argc, gchar **argv, void (*add_tests)(void));

/* Loads one more of syslog-ng's modules. */
void sng_test_load_module(const gchar *name);

/* The parser that a configuration text such as "coder-disconnect();" makes, initialised; NULL when
 * the text is refused.  Free with sng_test_free_parser(). */
LogParser *sng_test_parser(const gchar *text);

/* The same before its init.  Free with log_pipe_unref(). */
LogParser *sng_test_new_parser(const gchar *text);

/* A clone of a parser, initialised, as a second reference to a named parser has it. */
LogParser *sng_test_clone(LogParser *parser);

/* Ends and frees a parser of sng_test_parser() or sng_test_clone(). */
void sng_test_free_parser(LogParser *parser);

/* Hands the message to the parser; it may be replaced by a copy.  Returns the parser's word. */
gboolean sng_test_process(LogParser *parser, LogMessage **message);

/* The message that an RFC 5424 line becomes.  Free with log_msg_unref(). */
LogMessage *sng_test_message(const gchar *line, gsize length);

/* The message that a line becomes at such a source; length -1 for a string. */
LogMessage *sng_test_input(SngTestInput input, const gchar *line, gssize length);

/* Sets a name-value pair. */
void sng_test_set(LogMessage *message, const gchar *name, const gchar *value);

/* The pairs whose names begin with the prefix, one "NAME=VALUE" a line, sorted, without it. */
gchar *sng_test_pairs(const LogMessage *message, const gchar *prefix);

/* The tags that begin with the prefix, sorted, a blank between them, without it. */
gchar *sng_test_tags(const LogMessage *message, const gchar *prefix);

/* All that a message holds, in lines: header and structured data, "NAME(TYPE)=VALUE" for every
 * pair, "#TAG" for every tag. */
gchar *sng_test_snapshot(LogMessage *message);

/* What a template makes of the message, under a configuration of this version (0x0400 for 4.0). */
gchar *sng_test_format(LogMessage *message, const gchar *template, gint config_version);

/* Compares pairs and tags under prefixes and fails the test with both sides. */
#define sng_test_assert_pairs(message, prefix, wanted)                                             \
  do                                                                                               \
    {                                                                                              \
      g_autofree gchar *got_pairs = sng_test_pairs((message), (prefix));                           \
      g_assert_cmpstr(got_pairs, ==, (wanted));                                                    \
    }                                                                                              \
  while (0)

#define sng_test_assert_tags(message, prefix, wanted)                                              \
  do                                                                                               \
    {                                                                                              \
      g_autofree gchar *got_tags = sng_test_tags((message), (prefix));                             \
      g_assert_cmpstr(got_tags, ==, (wanted));                                                     \
    }                                                                                              \
  while (0)

#define sng_test_assert_format(message, template, version, wanted)                                 \
  do                                                                                               \
    {                                                                                              \
      g_autofree gchar *got_text = sng_test_format((message), (template), (version));              \
      g_assert_cmpstr(got_text, ==, (wanted));                                                     \
    }                                                                                              \
  while (0)

#define SNG_TEST_CONFIG_3 0x0326
#define SNG_TEST_CONFIG_4 0x0400

#endif
