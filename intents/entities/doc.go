// Package entities finds what can be found in a chat message by rule alone:
// order, after-sale, platform and waybill numbers, phones, addresses, names,
// amounts, links and times in Chinese and English. It is pure: it reads no
// clock, keeps no state and knows nothing of intents, models, tickets or Slack.
package entities
