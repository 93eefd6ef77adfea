/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_SITE_H
#define CD_SITE_H

#include "disconnect/cause.h"
#include "disconnect/vocabulary.h"

/** The places that write a record (spec: taxonomy, section 4). */
typedef enum
{
  CD_SITE_NONE,
  CD_SITE_PTY,
  CD_SITE_SSH_SESSION,
  CD_SITE_SSH_CONNECTION,
  CD_SITE_JETBRAINS_FORWARD,
  CD_SITE_COORDINATION,
  CD_SITE_DERP_MAP,
  CD_SITE_RUN_LOOP,
  CD_SITE_AGENT_CLOSE,
  CD_SITE_COORDINATION_CLOSE,
  CD_SITE_CONTROLLER,
  CD_SITE_WATCH,
  CD_SITE_DIAL,
  CD_SITE_TUNNEL,
  CD_SITE_APPLICATION,
  CD_N_SITES
} CdSite;

/** How far a connection had come. */
typedef enum
{
  CD_PHASE_OPEN,          /* in use, or not known */
  CD_PHASE_BEFORE_FIRST,  /* nothing of the first message had been read */
  CD_PHASE_FIRST_MESSAGE, /* inside the first message */
  CD_N_PHASES
} CdPhase;

/**
 * CdSiteInfo:
 * @name: the wire value of `site`, empty for none
 * @text: the same as a text
 * @layer: the layer that the site belongs to
 * @explanation: one phrase for a person
 */
typedef struct _CdSiteInfo
{
  const gchar *name;
  CdText text;
  CdLayer layer;
  const gchar *explanation;
} CdSiteInfo;

/**
 * CdSiteMessage:
 * @text: the whole message that Coder's agent logs
 * @site: where it does so
 * @cause: what the message alone proves, or %CD_CAUSE_NONE
 * @phase: how far the connection had come
 * @needs_error: whether it is a record only beside an error
 *
 * A log message that is a record even without the key `disconnect_reason`
 * (spec: taxonomy, section 6 b).
 */
typedef struct _CdSiteMessage
{
  CdText text;
  CdSite site;
  CdCause cause;
  CdPhase phase;
  gboolean needs_error;
} CdSiteMessage;

#define CD_SITE_BIT(site) (1u << (site))

/** The sites on the way between coderd and the agent. */
#define CD_SITES_CONTROL                                                                           \
  (CD_SITE_BIT(CD_SITE_COORDINATION) | CD_SITE_BIT(CD_SITE_DERP_MAP)                               \
   | CD_SITE_BIT(CD_SITE_RUN_LOOP) | CD_SITE_BIT(CD_SITE_AGENT_CLOSE)                              \
   | CD_SITE_BIT(CD_SITE_COORDINATION_CLOSE) | CD_SITE_BIT(CD_SITE_CONTROLLER))

/** The sites that follow the coordination exit rule (spec: taxonomy, section 3). */
#define CD_SITES_EXIT_RULE (CD_SITE_BIT(CD_SITE_COORDINATION) | CD_SITE_BIT(CD_SITE_DERP_MAP))

/** The table's row of a site. */
const CdSiteInfo *cd_site_get_info(CdSite site);

/** Reads a wire value; empty is valid. Returns: %FALSE for a text outside the set. */
gboolean cd_site_parse(CdText text, CdSite *site);

/**
 * The side that a reason at a site leaves no choice about (spec: taxonomy, sections 3 to 5).
 *
 * Returns: %CD_INITIATOR_NONE where evidence has to tell.
 */
CdInitiator cd_site_get_initiator(CdSite site, CdReason reason);

/** The row whose text is the whole of @message, %NULL for any other message. */
const CdSiteMessage *cd_site_message_find(CdText message);

/** All rows; @n_rows receives their number. */
const CdSiteMessage *cd_site_messages(guint *n_rows);

#endif
