/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cases under tests/data/cases: an input each, and all that has to come out of it. */
#ifndef CD_CASES_H
#define CD_CASES_H

#include "outcome.h"

/** What an input is, and so who reads it. */
typedef enum
{
  CD_CASE_TEXT,     /* the text of a message, with its continuation block */
  CD_CASE_SYSLOG,   /* a line of RFC 5424 */
  CD_CASE_JOURNALD, /* the fields of a journal entry */
} CdCaseKind;

/**
 * CdCase:
 * @file: name of the file that it stands in, without `.json`
 * @name: unique in the file
 * @why: one sentence with the source of the expectation
 * @kind: what the input is
 * @input: (nullable): its bytes; %NULL for %CD_CASE_JOURNALD
 * @journald: (nullable) (element-type utf8 utf8): the fields of %CD_CASE_JOURNALD
 * @expected: what has to come out
 */
typedef struct _CdCase
{
  gchar *file;
  gchar *name;
  gchar *why;
  CdCaseKind kind;
  GBytes *input;
  GHashTable *journald;
  CdOutcome expected;
} CdCase;

/**
 * Reads every `*.json` file of a directory.
 *
 * Returns: (transfer full) (element-type CdCase): the cases in order of file names, %NULL with
 *   @error, which names file and case, for anything that is not as the README there has it
 */
GPtrArray *cd_cases_load(const gchar *directory, GError **error);

/** The input for a failure's message: on one line, cut where it is long. */
gchar *cd_case_show_input(const CdCase *self);

#endif
