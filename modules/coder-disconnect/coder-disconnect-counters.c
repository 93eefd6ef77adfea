/* SPDX-License-Identifier: GPL-2.0-or-later WITH AdditionRef-OpenSSL */
#include "coder-disconnect-counters.h"

#include "coder-disconnect-compat.h"

/* What a counter of an empty value is called. */
#define NO_VALUE "none"

typedef void (*CounterFunc)(const gchar *id, const gchar *kind, const gchar *value,
                            StatsCounterItem **counter);

static const gchar *const events[] = {
  [CODER_EVENT_MALFORMED] = "malformed",         [CODER_EVENT_DERIVED] = "derived",
  [CODER_EVENT_CONTRADICTION] = "contradiction", [CODER_EVENT_RESCUED] = "rescued",
  [CODER_EVENT_DUPLICATE] = "duplicate",         [CODER_EVENT_EVICTED] = "evicted",
};
G_STATIC_ASSERT(G_N_ELEMENTS(events) == CODER_N_EVENTS);

static const gchar *
_value(const gchar *name)
{
  return name[0] ? name : NO_VALUE;
}

static void
_foreach(CoderCounters *self, const gchar *id, CounterFunc func)
{
  for (guint i = 0; i < CD_N_REASONS; i++)
    func(id, "reason", cd_reason_get_info(i)->name, &self->reasons[i]);
  for (guint i = 0; i < CD_N_INITIATORS; i++)
    func(id, "initiator", _value(cd_initiator_get_info(i)->name), &self->initiators[i]);
  for (guint i = 0; i < CD_N_LAYERS; i++)
    func(id, "layer", _value(cd_layer_get_info(i)->name), &self->layers[i]);
  func(id, "expected", "false", &self->expected[FALSE]);
  func(id, "expected", "true", &self->expected[TRUE]);
  for (guint i = 0; i < CODER_N_EVENTS; i++)
    func(id, "event", events[i], &self->events[i]);
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
_add_event(CoderCounters *self, CoderEvent event, gboolean happened)
{
  if (happened)
    stats_counter_inc(self->events[event]);
}

void
coder_counters_add(CoderCounters *self, CdSource source, const CdJudgement *judgement)
{
  const CdVerdict *verdict = &judgement->verdict;

  stats_counter_inc(self->reasons[verdict->reason]);
  stats_counter_inc(self->initiators[verdict->initiator]);
  stats_counter_inc(self->layers[judgement->layer]);
  stats_counter_inc(self->expected[verdict->expected]);
  _add_event(self, CODER_EVENT_MALFORMED, judgement->malformed);
  _add_event(self, CODER_EVENT_DERIVED, judgement->derived);
  _add_event(self, CODER_EVENT_CONTRADICTION, judgement->contradiction);
  _add_event(self, CODER_EVENT_RESCUED, source == CD_SOURCE_RESCUED);
}

void
coder_counters_add_duplicate(CoderCounters *self)
{
  stats_counter_inc(self->events[CODER_EVENT_DUPLICATE]);
}

void
coder_counters_add_evicted(CoderCounters *self, guint n_evicted)
{
  if (n_evicted)
    stats_counter_add(self->events[CODER_EVENT_EVICTED], n_evicted);
}

void
coder_counters_add_malformed(CoderCounters *self)
{
  stats_counter_inc(self->events[CODER_EVENT_MALFORMED]);
}
