;; Relive in Emacs, by eglot (Emacs 29 has it; 28 with the package).
;; `relive' is on the PATH, or its whole path stands here.
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
               '(python-mode . ("relive" "lsp" :initializationOptions
                                (:plain "diagnostics" :interpreter "python3")))))

(defun relive-do (command &rest argument)
  "Have COMMAND carried out, with ARGUMENT about this buffer; what comes of it is shown."
  (let ((place (eglot--TextDocumentPositionParams)))
    (jsonrpc-request
     (eglot-current-server) :workspace/executeCommand
     `(:command "relive.do" :arguments
       [(:command ,command :argument
         (:uri ,(plist-get (plist-get place :textDocument) :uri)
          ,@(unless (plist-get argument :range)
              (list :position (plist-get place :position)))
          ,@argument))]))))

(defun relive-evaluate ()
  "Evaluate the region, or the statement at point."
  (interactive)
  (if (use-region-p)
      (relive-do "relive.evaluate" :scope "selection" :range
                 (list :start (eglot--pos-to-lsp-position (region-beginning))
                       :end (eglot--pos-to-lsp-position (region-end))))
    (relive-do "relive.evaluate" :scope "form")))

(defun relive-evaluate-to-here ()
  "Evaluate the file up to point."
  (interactive)
  (relive-do "relive.evaluate" :scope "toHere"))

(defun relive-redefine ()
  "Redefine the function at point in the running process."
  (interactive)
  (relive-do "relive.redefine"))

(with-eval-after-load 'python
  (define-key python-mode-map (kbd "C-c e") #'relive-evaluate)
  (define-key python-mode-map (kbd "C-c h") #'relive-evaluate-to-here)
  (define-key python-mode-map (kbd "C-c r") #'relive-redefine)
  (define-key python-mode-map (kbd "C-c a") #'eglot-code-actions))
