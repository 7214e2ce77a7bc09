-- A question of a kilobyte. The answer's errors are counted by wrk itself.
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"model":"Phi-4-mini","user":"user-7","messages":[{"role":"user","content":"' .. string.rep("a question ", 90) .. '"}]}'
