/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_GNU_ORDER_H
#define CD_GNU_ORDER_H

#include "pty/gnu-screen.h"

/**
 * CdGnuOrder:
 *
 * An order to a session of screen(1), repeated until it is obeyed, its time is over, or a screen
 * that had obeyed one has gone.
 */
typedef struct _CdGnuOrder CdGnuOrder;

/**
 * It was obeyed, or not in its time: then @answer says why not, and may be empty. Called once, from
 * the main loop, after which the next order can be given.
 */
typedef void (*CdGnuOrderDone)(gboolean is_obeyed, const gchar *answer, gpointer user_data);

/** All: (transfer none). Returns: (transfer full): free with cd_gnu_order_free() */
CdGnuOrder *cd_gnu_order_new(const CdPtyHost *host, const CdGnuScreen *screen, gpointer user_data);

/** Frees it, and drops what is on its way. */
void cd_gnu_order_free(CdGnuOrder *self);

/** Gives an order instead of the one that is on its way. With @patience_ms of 0 it does so once. */
void cd_gnu_order_give(CdGnuOrder *self, const gchar *order, guint patience_ms,
                       CdGnuOrderDone done);

/** Gives an order to whose answer nobody will listen. */
void cd_gnu_order_give_last(CdGnuOrder *self, const gchar *order);

/** Drops the order that is on its way. */
void cd_gnu_order_drop(CdGnuOrder *self);

/** Whether one is on its way. */
gboolean cd_gnu_order_is_busy(const CdGnuOrder *self);

#endif
