/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_VOCABULARY_H
#define CD_VOCABULARY_H

#include "disconnect/text.h"

/**
 * SECTION:vocabulary
 *
 * The closed sets of a disconnect record (Coder's codersdk, May 2026). The names are wire values:
 * compared exactly and case-sensitively. One table each; validity, expected, explanations, tags,
 * counters and documentation are derived from it.
 */

typedef enum
{
  CD_REASON_UNKNOWN, /* the zero value: empty on the wire, written as "unknown" */
  CD_REASON_GRACEFUL,
  CD_REASON_CLIENT_CLOSED,
  CD_REASON_SERVER_SHUTDOWN,
  CD_REASON_NETWORK_ERROR,
  CD_REASON_PROTOCOL_ERROR,
  CD_REASON_WORKSPACE_STOPPED,
  CD_REASON_CONTROL_PLANE_LOST,
  CD_N_REASONS
} CdReason;

typedef enum
{
  CD_INITIATOR_NONE, /* the zero value: the side is not known */
  CD_INITIATOR_CLIENT,
  CD_INITIATOR_AGENT,
  CD_INITIATOR_SERVER,
  CD_INITIATOR_NETWORK,
  CD_N_INITIATORS
} CdInitiator;

typedef enum
{
  CD_LAYER_NONE,
  CD_LAYER_SERVER_TO_AGENT,
  CD_LAYER_AGENT_TO_CLIENT,
  CD_LAYER_CLIENT_TO_SERVER,
  CD_N_LAYERS
} CdLayer;

typedef enum
{
  CD_METHOD_NONE,
  CD_METHOD_DIRECT,
  CD_METHOD_DERP,
  CD_N_METHODS
} CdMethod;

/** Where the parser found what it read; the input side of `formats()`. */
typedef enum
{
  CD_SOURCE_SDATA,
  CD_SOURCE_RESCUED,
  CD_SOURCE_SLOG_HUMAN,
  CD_SOURCE_SLOG_JSON,
  CD_SOURCE_STACKDRIVER,
  CD_SOURCE_SLOG_LEGACY,
  CD_SOURCE_TEXT,
  CD_SOURCE_JOURNALD,
  CD_N_SOURCES
} CdSource;

/**
 * CdReasonInfo:
 * @name: the wire value, "unknown" for the zero value
 * @text: the same as a text
 * @expected: whether such an end is normal operation
 * @explanation: one sentence for a person
 * @next_step: what an operator does about it
 */
typedef struct _CdReasonInfo
{
  const gchar *name;
  CdText text;
  gboolean expected;
  const gchar *explanation;
  const gchar *next_step;
} CdReasonInfo;

/**
 * CdNameInfo:
 * @name: the wire value, empty for the zero value
 * @text: the same as a text
 * @explanation: one sentence for a person
 */
typedef struct _CdNameInfo
{
  const gchar *name;
  CdText text;
  const gchar *explanation;
} CdNameInfo;

/** The table's row of a reason; never %NULL for a member of the enumeration. */
const CdReasonInfo *cd_reason_get_info(CdReason reason);

/** The table's row of an initiator. */
const CdNameInfo *cd_initiator_get_info(CdInitiator initiator);

/** The table's row of a layer. */
const CdNameInfo *cd_layer_get_info(CdLayer layer);

/** The table's row of a connection method. */
const CdNameInfo *cd_method_get_info(CdMethod method);

/** The table's row of a source. */
const CdNameInfo *cd_source_get_info(CdSource source);

/**
 * Reads a reason. The empty text and the word "unknown" give %CD_REASON_UNKNOWN.
 *
 * Returns: %FALSE, leaving @reason alone, for a text outside the vocabulary.
 */
gboolean cd_reason_parse(CdText text, CdReason *reason);

/** Reads an initiator; empty is valid. Returns: %FALSE for a text outside the vocabulary. */
gboolean cd_initiator_parse(CdText text, CdInitiator *initiator);

/** Reads a layer; empty is valid here. Returns: %FALSE for a text outside the vocabulary. */
gboolean cd_layer_parse(CdText text, CdLayer *layer);

/** Reads a method; empty is valid. Returns: %FALSE for a text outside the vocabulary. */
gboolean cd_method_parse(CdText text, CdMethod *method);

/** Reads the name of a source. Returns: %FALSE for any other text. */
gboolean cd_source_parse(CdText text, CdSource *source);

/** Whether an end for this reason is normal operation. */
gboolean cd_reason_is_expected(CdReason reason);

#endif
