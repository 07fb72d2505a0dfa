package openaimodel

import (
	"net/url"
	"strings"

	openai "github.com/sashabaranov/go-openai"
)

// preset is the way that a server is asked at first, by what is known of its host.
// Whatever is wrong in it is learnt from the server's refusals.
func preset(base, model string) way {
	u, err := url.Parse(base)
	if err != nil {
		u = &url.URL{}
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case host == "" || strings.HasSuffix(host, "openai.com") || azure(host):
		if reasoning(model) {
			return way{plain: true, unseeded: true, hush: hushLow}
		}
		return way{}
	case strings.Contains(host, "deepseek"):
		return way{mode: objectMode, oldTokens: true, hush: hushThinking}
	case strings.Contains(host, "dashscope"), strings.HasSuffix(host, ".aliyuncs.com"):
		return way{mode: objectMode, oldTokens: true, hush: hushEnable}
	case strings.Contains(host, "ollama"), u.Port() == "11434":
		return way{oldTokens: true, hush: hushEffort}
	}
	return way{oldTokens: true, hush: hushTemplate} // max_tokens is what every compatible server has known from the start
}

// reasoning tells OpenAI's models that think before they answer and take no
// sampling parameters.
func reasoning(model string) bool {
	for _, p := range []string{"o1", "o3", "o4", "gpt-5", "gpt-6"} {
		if strings.HasPrefix(strings.ToLower(model), p) {
			return true
		}
	}
	return false
}

func azure(host string) bool {
	for _, end := range []string{".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com", ".openai.azure.us", ".openai.azure.cn"} {
		if strings.HasSuffix(host, end) {
			return true
		}
	}
	return false
}

// azureVersion is the version of Azure's deployment API that is asked for where
// the address names none: the first generally available one that knows schemas.
const azureVersion = "2024-10-21"

// clientConfig tells the client library where the server is. Azure has two ways:
// /openai/v1 is asked like OpenAI, its older deployment API, by address or by the
// version in it, has a path and a header of its own.
func clientConfig(o Options) openai.ClientConfig {
	u, err := url.Parse(o.BaseURL)
	if err != nil || o.BaseURL == "" {
		return openai.DefaultConfig("")
	}
	version := u.Query().Get("api-version")
	if version == "" && (!azure(strings.ToLower(u.Hostname())) || strings.Contains(u.Path, "/openai/v1")) {
		c := openai.DefaultConfig("")
		c.BaseURL = strings.TrimRight(o.BaseURL, "/")
		return c
	}
	deployment := o.Model
	path, rest, named := strings.Cut(u.Path, "/openai")
	if named {
		if _, d, ok := strings.Cut(rest, "/deployments/"); ok {
			deployment, _, _ = strings.Cut(d, "/")
		}
	}
	c := openai.DefaultAzureConfig("", u.Scheme+"://"+u.Host+strings.TrimRight(path, "/"))
	c.APIVersion = azureVersion
	if version != "" {
		c.APIVersion = version
	}
	c.AzureModelMapperFunc = func(string) string { return deployment }
	return c
}
