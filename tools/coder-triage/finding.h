/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_FINDING_H
#define CD_FINDING_H

#include "disconnect/judge.h"

/** What became of a line. */
typedef enum
{
  CD_FINDING_RECORD, /* it has a verdict */
  CD_FINDING_BROKEN, /* it claims to be ours and nothing can be had from it */
  CD_FINDING_OTHER,  /* it is none of ours */
  CD_N_FINDING_KINDS
} CdFindingKind;

/**
 * CdFinding:
 * @line: the line with its block
 * @number: its number
 * @file: (nullable): the file that the number counts in, where there are several
 * @is_cut: only its beginning was read
 * @kind: what became of it
 * @statement: what the sender says
 * @judgement: the verdict, for a record
 *
 * All that is known about one line. Free with cd_finding_clear().
 */
typedef struct _CdFinding
{
  CdText line;
  guint64 number;
  const gchar *file;
  gboolean is_cut;
  CdFindingKind kind;
  CdStatement statement;
  CdJudgement judgement;
} CdFinding;

/** Reads and judges a line; @line, @number, @file and @is_cut are set before. */
void cd_finding_make(CdFinding *self, const gchar *const *sd_ids);

/** Frees what it holds. */
void cd_finding_clear(CdFinding *self);

#endif
