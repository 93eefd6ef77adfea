/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the emitter share. */
#ifndef CD_EMITTER_STATE_H
#define CD_EMITTER_STATE_H

#include "emit/emitter.h"

struct _CdEmitter
{
  CdSender *sender;
  CdSpool *spool;
  GPtrArray *feeds;
  GString *line;
  GSource *clock;
  CdHistogram accept_time;
  CdTally disconnects;
  CdEmitterTrouble trouble;
  gpointer user_data;
};

#endif
