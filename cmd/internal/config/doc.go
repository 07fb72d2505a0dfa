// Package config is the only reader of the environment: it turns variables and secret files into one checked
// [Config] and reports every problem at once, each with the variable and what to do. It must not connect to
// anything and must not know what the settings are used for beyond their shape.
package config
