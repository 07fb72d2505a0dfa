// Package openaimodel asks any server that speaks OpenAI's chat API. It finds
// out which way of asking for JSON a server understands, retries what is worth
// retrying, stays within its time, and hands back only answers of the right
// shape. It knows nothing of what is asked, and it logs neither questions nor
// answers.
package openaimodel
