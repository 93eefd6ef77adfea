/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of a feed share. */
#ifndef CD_FEED_STATE_H
#define CD_FEED_STATE_H

#include "emit/feed.h"
#include "emit/window.h"

struct _CdFeed
{
  CdCursor *cursor;
  CdTarget *target;
  CdSender *sender;
  CdFeedTrouble trouble;
  gpointer user_data;
  CdWindow window; /* the cursor's uncommitted lines, and a notice of lost ones among them */
  guint64 n_again; /* lines that will be sent for the second time */
  gboolean is_ready;
  gboolean is_loss_told; /* not to be told again on this connection */
  guint64 n_told;        /* lines of that loss */
  gboolean is_in_trouble;
  gboolean is_tls_told; /* in this trouble */
  gboolean is_parting;
  gboolean is_parted; /* until it is connected again */
  GSource *turn;      /* the next one */
  GSource *settle;    /* the next look */
  GSource *room;      /* the next look for room */
  GSource *proof;     /* the end of trouble, if nothing happens before */
  CdFeedFigures figures;
};

/** Commits what is old enough, or too much. */
void cd_feed_settle(CdFeed *self, gint64 latest, gsize bytes_max);

#endif
