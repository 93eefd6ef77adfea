/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-counters.h"

#include "coder-disconnect-compat.h"

typedef void (*CounterFunc)(const gchar *id, const gchar *kind, const gchar *value,
                            StatsCounterItem **counter);

static void
_foreach(CoderCounters *self, const gchar *id, CounterFunc func)
{
  for (guint i = 0; i < CD_N_COUNTERS; i++)
    func(id, cd_counter_get_kind(i), cd_counter_get_value(i), &self->items[i]);
}

void
coder_counters_init(CoderCounters *self, const gchar *id)
{
  stats_lock();
  _foreach(self, id, coder_compat_register_counter);
  stats_unlock();
}

void
coder_counters_deinit(CoderCounters *self, const gchar *id)
{
  stats_lock();
  _foreach(self, id, coder_compat_unregister_counter);
  stats_unlock();
}

static void
_add(CoderCounters *self, guint counter)
{
  stats_counter_inc(self->items[counter]);
}

void
coder_counters_add(CoderCounters *self, CdSource source, const CdJudgement *judgement)
{
  const CdVerdict *verdict = &judgement->verdict;

  _add(self, CD_COUNTER_REASON + verdict->reason);
  _add(self, CD_COUNTER_INITIATOR + verdict->initiator);
  _add(self, CD_COUNTER_LAYER + judgement->layer);
  _add(self, verdict->expected ? CD_COUNTER_EXPECTED : CD_COUNTER_UNEXPECTED);
  for (guint i = 0; i < CD_N_MARKS; i++)
    if (cd_mark_is_set(i, judgement))
      _add(self, CD_COUNTER_MARK + i);
  if (source == CD_SOURCE_RESCUED)
    _add(self, CD_COUNTER_RESCUED);
}

void
coder_counters_add_duplicate(CoderCounters *self)
{
  _add(self, CD_COUNTER_DUPLICATE);
}

void
coder_counters_add_evicted(CoderCounters *self, guint n_evicted)
{
  if (n_evicted)
    stats_counter_add(self->items[CD_COUNTER_EVICTED], n_evicted);
}

void
coder_counters_add_malformed(CoderCounters *self)
{
  _add(self, CD_COUNTER_MARK + CD_MARK_MALFORMED);
}
