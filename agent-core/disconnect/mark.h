/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_MARK_H
#define CD_MARK_H

#include "disconnect/judge.h"

/** What else is to be said about a verdict. */
typedef enum
{
  CD_MARK_DERIVED,
  CD_MARK_CONTRADICTION,
  CD_MARK_MALFORMED,
  CD_N_MARKS
} CdMark;

/** The mark's row: its name in tags, counters and JSON, and one phrase for a person. */
const CdNameInfo *cd_mark_get_info(CdMark mark);

/** Whether a judgement has the mark. */
static inline gboolean
cd_mark_is_set(CdMark mark, const CdJudgement *judgement)
{
  switch (mark)
    {
    case CD_MARK_DERIVED:
      return judgement->derived;
    case CD_MARK_CONTRADICTION:
      return judgement->contradiction;
    case CD_MARK_MALFORMED:
      return judgement->malformed;
    case CD_N_MARKS:
      break;
    }
  g_return_val_if_reached(FALSE);
}

#endif
