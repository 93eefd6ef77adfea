/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_VIEW_H
#define CD_VIEW_H

#include "finding.h"
#include "paper.h"

/** Explains a record: the verdict, what was read, the rule, the evidence and the next step. */
void cd_view_record(CdPaper *paper, const CdFinding *finding);

/** Says that a line of ours is broken, and where. */
void cd_view_broken(CdPaper *paper, const CdFinding *finding);

/** Says in one line that a line is no record, and why, if that is known. */
void cd_view_other(CdPaper *paper, const CdFinding *finding, const gchar *const *sd_ids);

#endif
