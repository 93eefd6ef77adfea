/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_RECORD_H
#define CD_RECORD_H

#include "disconnect/field.h"
#include "disconnect/rule.h"

/**
 * CdRecord:
 * @present: set of #CdField bits: the fields that are there, with an empty value too
 * @values: the values; those that @present does not name are undefined
 *
 * A record as views into text that lives elsewhere. Initialise it with zeroed @present.
 */
typedef struct _CdRecord
{
  guint64 present;
  CdText values[CD_N_FIELDS];
} CdRecord;

/** Receives a field that has a value, in wire order. */
typedef void (*CdRecordFunc)(CdField field, CdText value, gpointer user_data);

/** Whether the field is there, with an empty value too. */
static inline gboolean
cd_record_has(const CdRecord *self, CdField field)
{
  return (self->present & CD_FIELD_BIT(field)) != 0;
}

/** The field's value, absent where it is not there. */
static inline CdText
cd_record_get(const CdRecord *self, CdField field)
{
  return cd_record_has(self, field) ? self->values[field] : CD_TEXT_NONE;
}

/** Sets a field. */
static inline void
cd_record_set(CdRecord *self, CdField field, CdText value)
{
  self->present |= CD_FIELD_BIT(field);
  self->values[field] = value;
}

/** Takes a field away. */
static inline void
cd_record_unset(CdRecord *self, CdField field)
{
  self->present &= ~CD_FIELD_BIT(field);
}

/** Sets a field, or takes it away where @value is empty. */
static inline void
cd_record_set_or_unset(CdRecord *self, CdField field, CdText value)
{
  if (cd_text_is_empty(value))
    cd_record_unset(self, field);
  else
    cd_record_set(self, field, value);
}

/** Sets what a verdict gives: reason, expected, initiator (where there is none, none) and rule. */
void cd_record_set_verdict(CdRecord *self, CdReason reason, CdInitiator initiator,
                           const CdRule *rule);

/** Takes the first field out of a set of #CdField bits that is not empty. */
static inline CdField
cd_record_take_field(guint64 *fields)
{
  CdField first = (CdField) __builtin_ctzll(*fields);

  *fields &= *fields - 1;
  return first;
}

/** Calls @func for every field before @end that has a value, in wire order. */
void cd_record_foreach(const CdRecord *self, CdField end, CdRecordFunc func, gpointer user_data);

#endif
