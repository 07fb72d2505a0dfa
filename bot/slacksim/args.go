package slacksim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxBody is the largest request that is read.
const maxBody = 4 << 20

// readArgs reads a form, multipart or JSON request. The token is taken from the
// Authorization header or from the body.
func readArgs(w http.ResponseWriter, r *http.Request) (args map[string]string, token string, inHeader bool, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	args = map[string]string{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		err = readJSON(r.Body, args)
	case "multipart/form-data":
		err = r.ParseMultipartForm(maxBody)
	default:
		err = r.ParseForm()
	}
	for key, values := range r.Form {
		args[key] = values[0]
	}
	token = args["token"]
	delete(args, "token")
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		token, inHeader = bearer, true
	}
	return args, token, inHeader, err
}

func readJSON(body io.Reader, args map[string]string) error {
	data, err := io.ReadAll(body)
	if err != nil || len(bytes.TrimSpace(data)) == 0 {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for key, value := range fields {
		var text string
		switch {
		case string(value) == "null":
		case json.Unmarshal(value, &text) == nil:
			args[key] = text
		default:
			args[key] = string(value)
		}
	}
	return nil
}

// flag reads a boolean argument; Slack takes "true" and "1".
func (q *request) flag(name string) bool {
	return q.args[name] == "true" || q.args[name] == "1"
}

// number reads a numeric argument between 1 and most; fallback where absent or wrong.
func (q *request) number(name string, fallback, most int) int {
	n, err := strconv.Atoi(q.args[name])
	if err != nil || n < 1 {
		return fallback
	}
	return min(n, most)
}
